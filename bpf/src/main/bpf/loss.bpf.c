// SPDX-License-Identifier: GPL-2.0
/*
 * Loss: segments sent again and why, resets, packets freed before anyone read
 * them, accept queues that overflow, windows that closed. None of the hooks is
 * on the path of a packet that arrives, so a healthy connection pays nothing.
 *
 * A socket's identity and turn come from `sockets`, which is exchange.bpf.c's.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"
#include "loss.h"
#include "loss_kernel.h"
#include "loss_maps.h"
#include "packet.h"

char LICENSE[] SEC("license") = "GPL";

/* keeps the records' types in the object's BTF, which the agent checks its offsets against */
const struct loss_record *loss_type __attribute__((unused));

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;

	return (family == AF_INET || family == AF_INET6) && sk->sk_protocol == IPPROTO_TCP;
}

static __always_inline struct socket_state *watched(struct sock *sk)
{
	struct socket_state *s = bpf_sk_storage_get(&sockets, sk, 0, 0);

	return s && (s->tracked == TRACKED_YES || s->tracked == TRACKED_ENDED) ? s : 0;
}

static __always_inline struct loss_record *event(const struct socket_state *s, __u32 kind)
{
	struct loss_record *e = bpf_ringbuf_reserve(&losses, sizeof(*e), 0);

	if (!e) {
		count(LOSS_FAILURE_RING_FULL);
		return 0;
	}
	__builtin_memset(e, 0, sizeof(*e));
	e->header.schema = HOPTOLL_SCHEMA;
	e->header.size = sizeof(*e);
	e->header.emitted = bpf_ktime_get_ns();
	e->kind = kind;
	if (s) {
		e->header.socket_id = s->r.header.socket_id;
		e->header.netns = s->r.header.netns;
		e->header.turn = s->turns;
		e->tuple = s->r.tuple;
		e->tgid = s->r.owner.tgid;
	}
	return e;
}

/*
 * Which of TCP's ways to find a loss led here. tcp_retransmit_timer() has
 * entered state Loss and has cleared icsk_pending before it sends; what else is
 * sent in Loss follows from ACKs, after a timeout. tcp_send_loss_probe() runs
 * with its own timer still named as pending, and never in Recovery, where a probe's
 * timer may be pending too. The rest is recovery by duplicate ACKs or RACK.
 */
static __always_inline __u32 retransmit_kind(struct sock *sk, const struct inet_connection_sock *c)
{
	__u8 state = BPF_CORE_READ_BITFIELD(c, icsk_ca_state);

	if (sk->__sk_common.skc_state == TCP_SYN_SENT)
		return LOSS_RETRANSMIT_SYN;
	if (state == TCP_CA_LOSS)
		return c->icsk_pending ? LOSS_RETRANSMIT_AFTER_TIMEOUT : LOSS_RETRANSMIT_TIMEOUT;
	if (state != TCP_CA_RECOVERY && c->icsk_pending == ICSK_TIME_LOSS_PROBE)
		return LOSS_RETRANSMIT_PROBE;
	return LOSS_RETRANSMIT_FAST;
}

/* __tcp_retransmit_skb(), after the attempt. */
SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(segment_sent_again, struct sock *sk, struct sk_buff *skb)
{
	struct socket_state *s = watched(sk);
	struct tcp_sock *tp = s ? bpf_skc_to_tcp_sock(sk) : 0;
	const struct tcp_skb_cb *cb = (const void *)skb->cb;
	struct loss_record *e;

	if (!s || !tp)
		return 0;
	if (s->r.reads | s->r.sends) { /* a turn that was told already, as it rests, is told again with this */
		s->dirty = 1;
		want_walk();
	}
	e = event(s, retransmit_kind(sk, &tp->inet_conn));
	if (!e)
		return 0;
	e->amount = BPF_CORE_READ(cb, tcp_gso_segs);
	if (!e->amount)
		e->amount = 1;
	e->seq = BPF_CORE_READ(cb, seq);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

/* inet_rtx_syn_ack(): nobody answered the SYN-ACK, or the accept queue had no room for the ACK. */
SEC("tp_btf/tcp_retransmit_synack")
int BPF_PROG(syn_ack_sent_again, struct sock *listener, struct request_sock *request)
{
	struct sock_common *c = &request->__req_common;
	struct loss_record *e;
	__u32 netns = c->skc_net.net->ns.inum;

	if (!netns_watched(netns))
		return 0;
	e = event(0, LOSS_RETRANSMIT_SYN_ACK);
	if (!e)
		return 0;
	e->header.netns = netns;
	common_tuple(&e->tuple, c);
	e->tuple.role = ROLE_ACCEPT;
	e->amount = 1;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

/*
 * tcp_v4_send_reset() answers a segment, tcp_send_active_reset() aborts. No
 * socket: the segment was for a port that nobody listens on, see packet_freed.
 */
SEC("tp_btf/tcp_send_reset")
int reset_sent(unsigned long long *ctx)
{
	struct sock *sk = (struct sock *)ctx[0];
	struct socket_state *s = sk ? watched(sk) : 0;
	struct loss_record *e = s ? event(s, LOSS_RESET_SENT) : 0;

	if (!e)
		return 0;
	if (bpf_core_type_exists(enum sk_rst_reason)) /* the third argument came with it, 6.10 */
		e->reason = *(volatile __u32 *)&ctx[2];
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

/* tcp_reset() */
SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(reset_received, struct sock *sk)
{
	struct socket_state *s = watched(sk);
	struct loss_record *e = s ? event(s, LOSS_RESET_RECEIVED) : 0;

	if (e)
		bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

/* The socket's namespace, else the device's: of a received packet before its socket is known. */
static __always_inline __u32 netns_of(struct sk_buff *skb, struct sock *sk)
{
	struct net_device *dev;

	if (sk)
		return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	dev = skb->dev;
	return dev ? BPF_CORE_READ(dev, nd_net.net, ns.inum) : 0;
}

static __always_inline void count_drop(const struct drop_key *key, const struct socket_state *s,
				       __u32 flags, __u32 bytes)
{
	struct drop_count *d = bpf_map_lookup_elem(&drops, key);
	struct drop_count none = {};
	long error = 0;

	if (!d) {
		none.first = bpf_ktime_get_ns();
		error = bpf_map_update_elem(&drops, key, &none, BPF_NOEXIST);
		d = bpf_map_lookup_elem(&drops, key);
	}
	if (!d) {
		count(LOSS_FAILURE_DROPS_FULL);
		if (error) /* else the agent took the new one out at once */
			count_errno(LOSS_FAILURE_DROPS_FULL, error);
		return;
	}
	d->last = bpf_ktime_get_ns();
	__sync_fetch_and_add(&d->packets, 1);
	__sync_fetch_and_add(&d->bytes, bytes);
	d->tcp_flags |= flags;
	if (s) {
		d->socket_id = s->r.header.socket_id;
		d->turn = s->turns;
	}
}

/* A closed socket's queues are emptied, mostly of the peer's FIN: nothing was lost. */
static __always_inline bool is_purge(__u32 reason)
{
	return bpf_core_enum_value_exists(enum skb_drop_reason, SKB_DROP_REASON_QUEUE_PURGE) &&
	       reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_QUEUE_PURGE);
}

/*
 * sk_skb_reason_drop(): a packet is freed before it was delivered. The receiving
 * socket is an argument since 6.11, before that and for the sender it is skb->sk.
 */
SEC("tp_btf/kfree_skb")
int packet_freed(unsigned long long *ctx)
{
	struct sk_buff *skb = (struct sk_buff *)ctx[0];
	__be16 protocol = skb->protocol;
	struct socket_state *s = 0;
	struct drop_key key = {};
	struct sock *sk = 0;
	__u32 flags = 0;

	if (protocol != __builtin_bswap16(ETH_P_IP) && protocol != __builtin_bswap16(ETH_P_IPV6))
		return 0;
	if (kfree_skb_arguments > 2)
		key.reason = *(volatile __u32 *)&ctx[2];
	if (is_purge(key.reason))
		return 0;
	if (kfree_skb_arguments > 3)
		sk = (struct sock *)*(volatile unsigned long long *)&ctx[3];
	if (!sk)
		sk = skb->sk;
	/* a time-wait socket has dealt with what it frees: a peer's late FIN */
	if (sk && BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_TIME_WAIT)
		return 0;
	key.netns = netns_of(skb, sk);
	if (!netns_watched(key.netns) || !read_packet(&key, &flags, __builtin_bswap16(protocol), skb->head + skb->network_header))
		return 0;
	key.location = ctx[1];
	if (sk)
		s = watched(sk);
	count_drop(&key, s, flags, skb->len);
	return 0;
}

static __always_inline void watch_listener(struct sock *sk)
{
	__u32 dropped = sk->sk_drops.counter;

	if (is_tcp(sk) && netns_watched(sk->__sk_common.skc_net.net->ns.inum) &&
	    !bpf_sk_storage_get(&listening, sk, &dropped, BPF_SK_STORAGE_GET_F_CREATE))
		count(LOSS_FAILURE_STORAGE);
}

/* inet_csk_listen_start() */
SEC("tp_btf/inet_sock_set_state")
int listening_begins(unsigned long long *ctx)
{
	if ((int)ctx[2] == TCP_LISTEN)
		watch_listener((struct sock *)ctx[0]);
	return 0;
}

/* Once at start: those that listened before. */
SEC("iter/task_file")
int adopt_listeners(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;
	struct sock *sk = socket ? socket->sk : 0;

	if (sk && sk->__sk_common.skc_state == TCP_LISTEN)
		watch_listener(sk);
	return 0;
}

/*
 * tcp_listendrop(): a SYN or the ACK of a handshake that the listener did not
 * take, mostly because its accept queue was full. A SYN dropped so is freed as
 * consumed, no tracepoint tells; the listener's own counter does.
 */
static __always_inline void look_at_listener(struct sock *sk, __u32 *told)
{
	__u32 dropped = sk->sk_drops.counter;
	struct loss_record *e;

	if (dropped == *told)
		return;
	e = event(0, LOSS_ACCEPT_QUEUE);
	if (!e)
		return;
	e->header.socket_id = bpf_get_socket_cookie(sk);
	e->header.netns = sk->__sk_common.skc_net.net->ns.inum;
	common_tuple(&e->tuple, &sk->__sk_common);
	e->amount = dropped - *told;
	e->queued = sk->sk_ack_backlog;
	e->limit = sk->sk_max_ack_backlog;
	*told = dropped;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static __always_inline void closed_window(struct socket_state *s, __u32 kind, __u32 waiting)
{
	struct loss_record *e = event(s, kind);

	if (!e)
		return;
	e->amount = waiting;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

/* A window that is closed at this look: no tracepoint tells, and looking is cheap. */
static __always_inline void look_at_window(struct sock *sk, struct socket_state *s)
{
	struct tcp_sock *tp;
	__u32 unread, unsent;

	if (s->tracked != TRACKED_YES || sk->__sk_common.skc_state == TCP_CLOSE)
		return;
	tp = bpf_skc_to_tcp_sock(sk);
	if (!tp)
		return;
	unread = tp->rcv_nxt - tp->copied_seq;
	if (unread && (__s32)(tp->rcv_wup + tp->rcv_wnd - tp->rcv_nxt) <= 0)
		closed_window(s, LOSS_WINDOW_CLOSED_HERE, unread);
	unsent = tp->write_seq - tp->snd_nxt;
	if (unsent && !tp->snd_wnd)
		closed_window(s, LOSS_WINDOW_CLOSED_THERE, unsent);
}

SEC("?iter/bpf_sk_storage_map")
int look_at_listeners(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	__u32 *told = ctx->value;
	struct sock *sk = ctx->sk;

	if (sk && told)
		look_at_listener(sk, told);
	return 0;
}

SEC("?iter/bpf_sk_storage_map")
int look_at_windows(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct socket_state *s = ctx->value;
	struct sock *sk = ctx->sk;

	if (sk && s)
		look_at_window(sk, s);
	return 0;
}

/* Both in one walk, where programs may not walk maps (flush.h). */
SEC("?iter/task_file")
int look_by_file(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;
	struct sock *sk = socket ? socket->sk : 0;
	struct socket_state *s;
	__u32 *told;

	if (!sk || !is_tcp(sk))
		return 0;
	if (sk->__sk_common.skc_state == TCP_LISTEN) {
		told = bpf_sk_storage_get(&listening, sk, 0, 0);
		if (told)
			look_at_listener(sk, told);
		return 0;
	}
	s = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (s)
		look_at_window(sk, s);
	return 0;
}
