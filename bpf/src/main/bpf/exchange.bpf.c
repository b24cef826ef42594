// SPDX-License-Identifier: GPL-2.0
/*
 * One record per request/response turn of every TCP socket, and one per
 * connection, from tracepoints alone: no syscall hook, no kprobe, no fd table.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"
#include "maps.h"
#include "account.h"
#include "socket.h"
#include "life.h"
#include "report.h"
#include "burst.h"
#include "tls_socket.h"

char LICENSE[] SEC("license") = "GPL";

/* keeps the records' types in the object's BTF, which the agent checks its offsets against */
const struct exchange_record *exchange_type __attribute__((unused));
const struct connection_record *connection_type __attribute__((unused));
const struct burst_record *burst_type __attribute__((unused));

static __always_inline void on_established(struct sock *sk, int oldstate, __u64 now)
{
	struct socket_state *s = state_new(sk, 0);
	struct tcp_sock *tp;

	if (!s)
		return;
	if (s->r.tuple.role == ROLE_UNKNOWN) /* SYN_SENT before the agent came, or accepted */
		s->r.tuple.role = oldstate == TCP_SYN_RECV ? ROLE_ACCEPT : ROLE_CONNECT;
	read_tuple(&s->r.tuple, sk);
	s->r.opening.established = now;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return;
	/* before ESTABLISHED only SYNs can have been sent again */
	s->r.opening.syn_retransmits = tp->total_retrans;
	rebase(s, tp);
	/* told at once: its SYN interval matters while it is still unused */
	if (s->r.tuple.role == ROLE_CONNECT)
		report_connection(sk, s, now, EXCHANGE_OPENED);
}

static __always_inline void on_close(struct sock *sk, int oldstate, __u64 now)
{
	struct socket_state *s = state_of(sk); /* never made here: it would outlive the connection */
	__u32 reset = 0;

	if (!s)
		return;
	if (sk->sk_err == ECONNRESET || sk->sk_err == EPIPE)
		reset = EXCHANGE_RESET;
	s->life.last_state = oldstate;
	if (s->r.reads | s->r.sends) {
		/* the flush has told it already, but not that it remained without response */
		s->dirty |= reset || s->phase == PHASE_REQUEST;
		report(sk, s, now, EXCHANGE_CLOSED | reset, 1);
	}
	if (s->burst.more)
		report_burst(s, now);
	report_connection(sk, s, now, reset);
	s->tracked = TRACKED_ENDED;
}

/*
 * tcp_set_state(): SYN_SENT runs in the connecting thread, without a local
 * port; ESTABLISHED and CLOSE mostly in softirq; at CLOSE the ports are 0
 * already, so the tuple is kept from ESTABLISHED.
 */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state_changed, struct sock *sk, int oldstate, int newstate)
{
	struct socket_state *s;
	__u64 now;

	if (!is_tcp(sk))
		return 0;
	now = bpf_ktime_get_ns();
	if (newstate == TCP_SYN_SENT) {
		s = state_new(sk, 0);
		if (s && own(s)) {
			s->r.tuple.role = ROLE_CONNECT;
			s->r.opening.syn = now;
		}
	} else if (newstate == TCP_ESTABLISHED) {
		on_established(sk, oldstate, now);
	} else if (newstate == TCP_CLOSE) {
		on_close(sk, oldstate, now);
	} else {
		s = state_of(sk);
		if (s)
			note_closing(s, newstate, now);
	}
	return 0;
}

/*
 * tcp_data_ready() ← tcp_rcv_established(), in softirq, once per segment
 * queued. It fires before accept() too, so an accept queue's wait counts. A
 * bare FIN fires it as well and is no data.
 */
SEC("tp_btf/sk_data_ready")
int BPF_PROG(socket_data_ready, struct sock *sk)
{
	struct socket_state *s;
	struct tcp_sock *tp;
	__u32 queued;

	if (!is_tcp(sk) || sk->__sk_common.skc_state == TCP_LISTEN)
		return 0;
	s = state_of(sk);
	tp = s ? bpf_skc_to_tcp_sock(sk) : 0;
	if (!s || !tp)
		return 0;
	queued = tp->rcv_nxt - tp->copied_seq;
	if (sk->__sk_common.skc_state != TCP_ESTABLISHED && queued <= 1)
		return 0;
	ready_note(s, bpf_ktime_get_ns(), tp->rcv_nxt, queued);
	return 0;
}

static __always_inline void read_done(struct sock *sk, struct socket_state *s, __u32 bytes,
				      __u64 now)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	__u32 readable = bytes;
	const char *user = 0;
	bool data;

	if (s->tls.known == TLS_YES ||
	    (s->tls.known == TLS_UNKNOWN && s->r.tuple.role == ROLE_ACCEPT))
		user = syscall_buffer(&readable);
	data = carries_data(s, 1, user, bytes, readable, now);
	if (data) {
		if (turn_ends(s, 1))
			report(sk, s, now, 0, 1);
		own(s);
		turn_read(s, now, bytes);
		if (tp && has_bursts(s))
			burst_note(s, 1, s->ready_pending, now, now, tp->copied_seq, bytes);
	}
	/* a record of whose header only a part was read waits on, since the same moment */
	if (tp && (data || !s->tls.in.have))
		ready_consumed(s, tp->copied_seq);
}

/*
 * sock_recvmsg() returns: in the reader's thread. A peek consumes nothing
 * (Envoy's listener filters), yet it ends the wait for accept, as does EAGAIN.
 */
SEC("tp_btf/sock_recv_length")
int BPF_PROG(socket_read, struct sock *sk, int ret, int flags)
{
	struct socket_state *s;
	__u64 now;

	if (!is_tcp(sk))
		return 0;
	s = state_in_use(sk);
	if (!s || (!s->r.owner.tgid && !own(s)))
		return 0;
	if (ret == -EAGAIN)
		s->r.would_blocks++;
	now = bpf_ktime_get_ns();
	if (!s->r.opening.first_use)
		note_first_use(s, sk, now);
	if (ret > 0 && !(flags & (MSG_PEEK | MSG_ERRQUEUE)))
		read_done(sk, s, ret, now);
	return 0;
}

/* Finds the user's bytes of the send that begins; those of its first piece. */
static __always_inline void note_send_buffer(struct socket_state *s, const struct iov_iter *it)
{
	struct iovec first = {};

	s->send_buffer = 0;
	s->send_readable = 0;
	if (s->tls.known == TLS_NO)
		return;
	if (it->iter_type == ITER_UBUF_VALUE) {
		s->send_buffer = (__u64)it->ubuf + it->iov_offset;
		s->send_readable = it->count;
	} else if (it->iter_type == ITER_IOVEC_VALUE &&
		   !bpf_probe_read_kernel(&first, sizeof(first), it->__iov)) {
		s->send_buffer = (__u64)first.iov_base + it->iov_offset;
		s->send_readable = first.iov_len - it->iov_offset;
	}
}

/*
 * tcp_sendmsg_locked() begins: the peer may have the data before the call
 * returns, so this is "sent". Later pieces of one call fire it again.
 */
SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(socket_send_begins, struct sock *sk, const struct msghdr *message)
{
	struct socket_state *s = state_in_use(sk);

	if (!s || s->send_entry || (!s->r.owner.tgid && !own(s)))
		return 0;
	s->send_entry = bpf_ktime_get_ns();
	s->send_opened = 0;
	if (!s->r.opening.first_use)
		note_first_use(s, sk, s->send_entry);
	note_send_buffer(s, &message->msg_iter);
	if (!send_will_carry_data(s))
		return 0;
	if (turn_ends(s, 0))
		report(sk, s, s->send_entry, 0, 1);
	own(s);
	turn_send_begins(s, s->send_entry);
	return 0;
}

/* The bytes of a send that was not counted to its turn at entry, or was and that turn is open. */
static __always_inline void write_done(struct sock *sk, struct socket_state *s, __u64 entry,
				       __u64 now, __u32 bytes)
{
	if (!s->send_opened && turn_ends(s, 0))
		report(sk, s, entry ? entry : now, 0, 1);
	if (s->send_opened && s->send_turn != s->turns)
		return; /* overtaken by the next request */
	if (!s->send_opened)
		own(s);
	turn_written(s, entry, now, bytes);
}

static __always_inline void burst_written(struct sock *sk, struct socket_state *s, __u64 entry,
					  __u64 now, __u32 bytes)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (tp && has_bursts(s))
		burst_note(s, 0, 0, entry ? entry : now, now, tp->write_seq, bytes);
}

/* sock_sendmsg() returns: in the writer's thread. */
SEC("tp_btf/sock_send_length")
int BPF_PROG(socket_written, struct sock *sk, int ret, int flags)
{
	struct socket_state *s;
	__u64 now, entry;

	if (!is_tcp(sk))
		return 0;
	s = state_of(sk);
	if (!s)
		return 0;
	now = bpf_ktime_get_ns();
	entry = s->send_entry;
	s->send_entry = 0;
	if (ret == -EAGAIN)
		s->r.would_blocks++;
	if (ret <= 0)
		return 0;
	if (carries_data(s, 0, (const char *)s->send_buffer, ret, s->send_readable, now)) {
		write_done(sk, s, entry, now, ret);
		burst_written(sk, s, entry, now, ret);
	}
	s->send_opened = 0;
	return 0;
}

/*
 * Run by the agent every 200 ms: reports turns that rest, so that the last
 * exchange of a kept-alive connection and a hung request are seen. The turn
 * stays open; if it goes on it is reported again.
 */
SEC("iter/bpf_sk_storage_map")
int flush_idle_turns(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct socket_state *s = ctx->value;
	struct sock *sk = ctx->sk;
	__u64 now, last;
	__u32 zero = 0;

	if (!sk || !s) { /* the walk is over */
		bpf_map_update_elem(&sockets_watched, &zero, &sockets_walked, BPF_ANY);
		sockets_walked = 0;
		return 0;
	}
	if (s->tracked != TRACKED_YES)
		return 0;
	sockets_walked++;
	now = bpf_ktime_get_ns();
	if (s->burst.more && now > s->burst.last + BURST_GAP_NS)
		report_burst(s, now);
	if (!s->dirty)
		return 0;
	last = s->r.read_last > s->r.send_last ? s->r.read_last : s->r.send_last;
	if (last && now > last && now - last > flush_after_ns)
		report(sk, s, now, EXCHANGE_FLUSHED, 0);
	return 0;
}

/* First pass over all processes' files: ports that are listened on, by netns. */
SEC("iter/task_file")
int list_listeners(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;
	struct sock *sk = socket ? socket->sk : 0;
	struct listener key = {};
	__u32 one = 1;

	if (!sk || !is_tcp(sk) || sk->__sk_common.skc_state != TCP_LISTEN)
		return 0;
	key.netns = sk->__sk_common.skc_net.net->ns.inum;
	key.port = sk->__sk_common.skc_num;
	bpf_map_update_elem(&listeners, &key, &one, BPF_ANY);
	return 0;
}

/* Second pass: sockets older than the agent. */
SEC("iter/task_file")
int adopt_sockets(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;
	struct sock *sk = socket ? socket->sk : 0;
	struct task_struct *task = ctx->task;

	if (!sk || !is_tcp(sk) || sk->__sk_common.skc_state != TCP_ESTABLISHED)
		return 0;
	if (self_tgid && task && task->tgid == self_tgid)
		return 0;
	state_adopted(sk);
	return 0;
}
