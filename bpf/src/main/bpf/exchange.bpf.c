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

char LICENSE[] SEC("license") = "GPL";

/* keeps the records' types in the object's BTF, which the agent checks its offsets against */
const struct exchange_record *exchange_type __attribute__((unused));
const struct connection_record *connection_type __attribute__((unused));

/* set by the agent before load: its own sockets are not watched */
const volatile __u32 self_tgid = 0;
/* a turn is reported by the flush when its last byte is older than this */
const volatile __u64 flush_after_ns = 200000000;

/* Probes write; the kernel frees an entry with its socket. About 0.6 kB a socket. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct socket_state);
} sockets SEC(".maps");

/* Probes write, the agent's one thread reads. 2 MiB: 6,000 turns between two polls of 10 ms. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2 << 20);
} records SEC(".maps");

/* Probes count, the agent reads. One slot per enum failure. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FAILURES);
	__type(key, __u32);
	__type(value, __u64);
} failures SEC(".maps");

struct listener {
	__u32 netns;
	__u16 port;
	__u16 pad;
};

/* list_listeners writes, adopt_sockets reads, once at start. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, __u32);
} listeners SEC(".maps");

static __always_inline void count(__u32 failure)
{
	__u64 *slot = bpf_map_lookup_elem(&failures, &failure);

	if (slot)
		(*slot)++;
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;

	return (family == AF_INET || family == AF_INET6) && sk->sk_protocol == IPPROTO_TCP;
}

static __always_inline void read_tuple(struct socket_tuple *t, const struct sock *sk)
{
	t->family = sk->__sk_common.skc_family;
	t->local_port = sk->__sk_common.skc_num;
	t->remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	if (t->family == AF_INET) {
		*(__u32 *)t->local = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)t->remote = sk->__sk_common.skc_daddr;
	} else {
		bpf_probe_read_kernel(t->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(t->remote, 16, &sk->__sk_common.skc_v6_daddr);
	}
}

static __always_inline __u32 chrono(struct tcp_sock *tp, int i, __u32 jiffies)
{
	__u32 spent = tp->chrono_stat[i];

	if (BPF_CORE_READ_BITFIELD(tp, chrono_type) == i + 1)
		spent += jiffies - tp->chrono_start;
	return spent;
}

/* Remembers TCP's counters at the start of a turn. */
static __always_inline void rebase(struct socket_state *s, struct tcp_sock *tp)
{
	__u32 jiffies = bpf_jiffies64();

	s->base_retransmits = tp->total_retrans;
	s->base_lost = tp->lost;
	s->base_out_of_order = tp->rcv_ooopack;
	s->base_dsacks = tp->dsack_dups;
	s->base_busy = chrono(tp, 0, jiffies);
	s->base_rwnd = chrono(tp, 1, jiffies);
	s->base_sndbuf = chrono(tp, 2, jiffies);
	s->base_segments_in = tp->segs_in;
	s->base_segments_out = tp->segs_out;
}

static __always_inline void read_tcp(struct exchange_record *r, struct socket_state *s,
				     struct tcp_sock *tp)
{
	__u32 jiffies = bpf_jiffies64();

	r->min_rtt_us = tp->rtt_min.s[0].v;
	r->srtt_us = tp->srtt_us >> 3;
	r->retransmits = tp->total_retrans - s->base_retransmits;
	r->lost = tp->lost - s->base_lost;
	r->out_of_order = tp->rcv_ooopack - s->base_out_of_order;
	r->dsacks = tp->dsack_dups - s->base_dsacks;
	r->busy_jiffies = chrono(tp, 0, jiffies) - s->base_busy;
	r->rwnd_limited_jiffies = chrono(tp, 1, jiffies) - s->base_rwnd;
	r->sndbuf_limited_jiffies = chrono(tp, 2, jiffies) - s->base_sndbuf;
	r->congestion_window = tp->snd_cwnd;
	r->segments_in = tp->segs_in - s->base_segments_in;
	r->segments_out = tp->segs_out - s->base_segments_out;
}

/* Puts the turn into the ring; with `end`, the next one begins. */
static __always_inline void report(struct sock *sk, struct socket_state *s, __u64 now, __u32 flags,
				   bool end)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct exchange_record *r;

	if (!tp) {
		count(FAILURE_NO_TCP_SOCK);
		return;
	}
	if (s->dirty) {
		r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
		s->dirty = 0; /* before the copy: a write meanwhile makes it dirty again */
		if (r) {
			__builtin_memcpy(r, &s->r, sizeof(*r));
			r->header.emitted = now;
			r->header.turn = s->turns;
			r->flags |= flags;
			read_tcp(r, s, tp);
			bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
		} else {
			count(FAILURE_RING_FULL);
		}
	}
	if (end) {
		s->turns++;
		turn_reset(s);
		rebase(s, tp);
	}
}

static __always_inline struct socket_state *state_of(struct sock *sk)
{
	struct socket_state *s = bpf_sk_storage_get(&sockets, sk, 0, 0);

	return s && s->tracked == TRACKED_YES ? s : 0;
}

/* The socket's state, made on first sight. Those first seen in use are midway. */
static __always_inline struct socket_state *state_new(struct sock *sk, __u32 flags)
{
	struct socket_state *s = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!s) {
		count(FAILURE_STORAGE);
		return 0;
	}
	if (s->tracked)
		return s->tracked == TRACKED_YES ? s : 0;
	s->tracked = TRACKED_YES;
	s->r.header.kind = RECORD_EXCHANGE;
	s->r.header.schema = HOPTOLL_SCHEMA;
	s->r.header.size = sizeof(struct exchange_record);
	s->r.header.socket_id = bpf_get_socket_cookie(sk);
	s->r.header.netns = sk->__sk_common.skc_net.net->ns.inum;
	s->r.flags = flags;
	read_tuple(&s->r.tuple, sk);
	return s;
}

/* Names the turn's process; current is right in read and write only. */
static __always_inline bool own(struct socket_state *s)
{
	__u64 id = bpf_get_current_pid_tgid();

	if (self_tgid && id >> 32 == self_tgid) {
		s->tracked = TRACKED_NO;
		return 0;
	}
	if (!s->r.owner.tgid) {
		s->r.owner.tgid = id >> 32;
		s->r.owner.tid = id;
		bpf_get_current_comm(s->r.owner.comm, sizeof(s->r.owner.comm));
	}
	return 1;
}

static __always_inline void report_connection(struct sock *sk, struct socket_state *s, __u64 now,
					      __u32 flags)
{
	struct connection_record *c = bpf_ringbuf_reserve(&records, sizeof(*c), 0);

	if (!c) {
		count(FAILURE_RING_FULL);
		return;
	}
	c->header = s->r.header;
	c->header.kind = RECORD_CONNECTION;
	c->header.size = sizeof(*c);
	c->header.emitted = now;
	c->header.turn = s->turns;
	c->tuple = s->r.tuple;
	c->owner = s->r.owner;
	c->opening = s->r.opening;
	c->closed = flags & EXCHANGE_OPENED ? 0 : now;
	c->error = sk->sk_err;
	c->flags = s->r.flags | flags;
	bpf_ringbuf_submit(c, BPF_RB_NO_WAKEUP);
}

static __always_inline void on_established(struct sock *sk, int oldstate, __u64 now)
{
	struct socket_state *s = state_new(sk, 0);
	struct tcp_sock *tp;

	if (!s)
		return;
	if (oldstate == TCP_SYN_RECV)
		s->r.tuple.role = ROLE_ACCEPT;
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

static __always_inline void on_close(struct sock *sk, __u64 now)
{
	struct socket_state *s = state_of(sk); /* never made here: see facts, pitfalls */

	if (!s)
		return;
	if (s->phase != PHASE_IDLE) {
		report(sk, s, now, EXCHANGE_CLOSED | (sk->sk_err ? EXCHANGE_RESET : 0), 1);
	}
	report_connection(sk, s, now, sk->sk_err ? EXCHANGE_RESET : 0);
	s->tracked = TRACKED_NO;
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
		on_close(sk, now);
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
	__u64 now;

	if (!is_tcp(sk) || sk->__sk_common.skc_state == TCP_LISTEN)
		return 0;
	s = state_of(sk);
	tp = s ? bpf_skc_to_tcp_sock(sk) : 0;
	if (!s || !tp)
		return 0;
	queued = tp->rcv_nxt - tp->copied_seq;
	if (sk->__sk_common.skc_state != TCP_ESTABLISHED && queued <= 1)
		return 0;
	now = bpf_ktime_get_ns();
	if (!s->ready_pending)
		s->ready_pending = now;
	s->ready_last = now;
	s->r.ready_events++;
	if (queued > s->r.receive_queue_max)
		s->r.receive_queue_max = queued;
	return 0;
}

/*
 * Where the system call at hand reads or writes in user memory, from its saved
 * registers (x86-64 numbers): the tracepoints do not carry the buffer.
 */
static __always_inline const char *syscall_buffer(__u32 *readable)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	unsigned long nr = BPF_CORE_READ(regs, orig_ax);
	const void *at = (const void *)BPF_CORE_READ(regs, si);
	struct user_message message = {};
	struct iovec first = {};

	switch (nr) {
	case 0:	 /* read */
	case 45: /* recvfrom */
		return at;
	case 47:  /* recvmsg */
	case 299: /* recvmmsg */
		if (bpf_probe_read_user(&message, sizeof(message), at))
			return 0;
		at = message.iov; /* fall through */
	case 19:		  /* readv */
		if (bpf_probe_read_user(&first, sizeof(first), at))
			return 0;
		if (first.iov_len < *readable)
			*readable = first.iov_len;
		return first.iov_base;
	}
	return 0;
}

/* At the first request bytes of a connection (or of a turn, midway): is this TLS? */
static __always_inline void tls_recognise(struct socket_state *s, const char *user, __u32 readable)
{
	__u8 head[TLS_HEADER] = {};

	s->tls.known = TLS_NO;
	if (!user || readable < TLS_HEADER || bpf_probe_read_user(head, sizeof(head), user))
		return;
	if (!tls_is_header(head))
		return;
	s->tls.known = TLS_YES;
	s->tls.ready = head[0] == TLS_DATA; /* midway: the handshake is over */
	s->r.flags |= EXCHANGE_TLS;
}

static __always_inline void handshake_progress(struct socket_state *s, bool was_ready, __u64 now)
{
	if (!s->r.opening.handshake_start)
		s->r.opening.handshake_start = now;
	if (!was_ready && s->tls.ready)
		s->r.opening.handshake_end = now;
}

/* Is this chunk part of a turn? Handshake and alert records are not. */
static __always_inline bool carries_data(struct socket_state *s, bool in, const char *user,
					 __u32 length, __u32 readable, __u64 now)
{
	bool from_client = in == (s->r.tuple.role == ROLE_ACCEPT);
	struct tls_chunk chunk = { (__u64)user, length, readable, 0, in, from_client };
	bool was_ready = s->tls.ready;

	if (s->tls.known == TLS_UNKNOWN && from_client)
		tls_recognise(s, user, readable);
	if (s->tls.known != TLS_YES)
		return 1;
	tls_walk(&s->tls, &chunk);
	if (chunk.fault)
		count(FAILURE_USER_READ);
	if (!was_ready)
		handshake_progress(s, was_ready, now);
	if (!was_ready && s->tls.ready && chunk.data)
		s->r.flags |= EXCHANGE_TLS_AMBIGUOUS;
	/* a client's flight that began as handshake is handshake to its end */
	if (!in && from_client && s->tls.began_as_handshake)
		return 0;
	return chunk.data;
}

static __always_inline void read_done(struct sock *sk, struct socket_state *s, __u32 bytes,
				      __u64 now)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	__u32 readable = bytes;
	const char *user = 0;

	if (s->tls.known == TLS_YES ||
	    (s->tls.known == TLS_UNKNOWN && s->r.tuple.role == ROLE_ACCEPT))
		user = syscall_buffer(&readable);
	if (carries_data(s, 1, user, bytes, readable, now)) {
		if (turn_ends(s, 1))
			report(sk, s, now, 0, 1);
		turn_read(s, now, bytes);
	}
	own(s);
	if (tp)
		ready_consumed(s, tp->copied_seq == tp->rcv_nxt);
}

/* sock_recvmsg() returns: in the reader's thread. A peek consumes nothing. */
SEC("tp_btf/sock_recv_length")
int BPF_PROG(socket_read, struct sock *sk, int ret, int flags)
{
	struct socket_state *s;
	__u64 now;

	if (!is_tcp(sk))
		return 0;
	s = state_of(sk);
	if (!s)
		return 0;
	if (ret == -EAGAIN)
		s->r.would_blocks++;
	now = bpf_ktime_get_ns();
	if (!s->r.opening.first_use)
		s->r.opening.first_use = now;
	if (ret > 0 && !(flags & MSG_PEEK))
		read_done(sk, s, ret, now);
	return 0;
}

/*
 * tcp_sendmsg_locked() begins: the peer may have the data before the call
 * returns, so this is "sent". Later pieces of one call fire it again.
 */
SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(socket_send_begins, struct sock *sk, const struct msghdr *message)
{
	struct socket_state *s = state_of(sk);
	const struct iov_iter *it = &message->msg_iter;
	struct iovec first = {};

	if (!s || s->send_entry)
		return 0;
	s->send_entry = bpf_ktime_get_ns();
	if (!s->r.opening.first_use)
		s->r.opening.first_use = s->send_entry;
	s->send_buffer = 0;
	if (s->tls.known == TLS_NO)
		return 0;
	if (it->iter_type == ITER_UBUF_VALUE) {
		s->send_buffer = (__u64)it->ubuf + it->iov_offset;
		s->send_readable = it->count;
	} else if (it->iter_type == ITER_IOVEC_VALUE &&
		   !bpf_probe_read_kernel(&first, sizeof(first), it->__iov)) {
		s->send_buffer = (__u64)first.iov_base + it->iov_offset;
		s->send_readable = first.iov_len - it->iov_offset;
	}
	return 0;
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
		if (turn_ends(s, 0))
			report(sk, s, entry ? entry : now, 0, 1);
		turn_written(s, entry, now, ret);
	}
	own(s);
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

	if (!sk || !s || s->tracked != TRACKED_YES || !s->dirty)
		return 0;
	now = bpf_ktime_get_ns();
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

/* Second pass: sockets older than the agent; a listened-on local port makes an acceptor. */
SEC("iter/task_file")
int adopt_sockets(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;
	struct sock *sk = socket ? socket->sk : 0;
	struct task_struct *task = ctx->task;
	struct listener key = {};
	struct socket_state *s;
	struct tcp_sock *tp;

	if (!sk || !is_tcp(sk) || sk->__sk_common.skc_state != TCP_ESTABLISHED)
		return 0;
	if (self_tgid && task && task->tgid == self_tgid)
		return 0;
	s = state_new(sk, EXCHANGE_MIDWAY);
	if (!s || s->r.tuple.role != ROLE_UNKNOWN)
		return 0;
	key.netns = s->r.header.netns;
	key.port = s->r.tuple.local_port;
	s->r.tuple.role = bpf_map_lookup_elem(&listeners, &key) ? ROLE_ACCEPT : ROLE_CONNECT;
	tp = bpf_skc_to_tcp_sock(sk);
	if (tp)
		rebase(s, tp);
	return 0;
}
