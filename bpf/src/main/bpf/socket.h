/* SPDX-License-Identifier: GPL-2.0 */
/* A socket's entry in the storage: found, made, named. */
#pragma once

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) && READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline void read_tuple(struct socket_tuple *t, const struct sock *sk)
{
	t->family = READ(sk, __sk_common.skc_family);
	t->local_port = READ(sk, __sk_common.skc_num);
	t->remote_port = __builtin_bswap16(READ(sk, __sk_common.skc_dport));
	if (t->family == AF_INET) {
		*(__u32 *)t->local = READ(sk, __sk_common.skc_rcv_saddr);
		*(__u32 *)t->remote = READ(sk, __sk_common.skc_daddr);
	} else {
		bpf_probe_read_kernel(t->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(t->remote, 16, &sk->__sk_common.skc_v6_daddr);
	}
}

static __always_inline struct socket_state *state_of(struct sock *sk)
{
	struct socket_state *s = storage_find(sk);

	return s && s->tracked == TRACKED_YES ? s : 0;
}

/* A socket that connects again after its end: all starts over but the turns' numbers. */
static __always_inline void state_again(struct socket_state *s)
{
	__u32 turns = s->turns;

	__builtin_memset(s, 0, sizeof(*s));
	s->turns = turns;
}

static __always_inline bool in_watched_netns(const struct sock *sk)
{
	__u32 netns = netns_of(sk);

	return !only_watched_netns || bpf_map_lookup_elem(&watched_netns, &netns);
}

/* The socket's state, made on first sight. Those first seen in use are midway. */
static __always_inline struct socket_state *state_new(struct sock *sk, __u32 flags)
{
	struct socket_state *s = storage_make(sk);

	if (!s) {
		count(FAILURE_STORAGE);
		return 0;
	}
	if (s->tracked == TRACKED_ENDED)
		state_again(s);
	if (s->tracked)
		return s->tracked == TRACKED_YES ? s : 0;
	if (!in_watched_netns(sk)) {
		s->tracked = TRACKED_NO;
		return 0;
	}
	s->tracked = TRACKED_YES;
	s->r.header.kind = RECORD_EXCHANGE;
	s->r.header.schema = HOPTOLL_SCHEMA;
	s->r.header.size = sizeof(struct exchange_record);
	s->r.header.socket_id = socket_id(sk);
	s->r.header.netns = netns_of(sk);
	s->r.flags = flags;
	read_tuple(&s->r.tuple, sk);
	return s;
}

/*
 * Names the process of the turn's first read or write, before it is counted;
 * current is right in those and at SYN_SENT only. False for the agent's own.
 * The same thread keeps its name: asking for it is dearer than all else here.
 */
static __always_inline bool own(struct socket_state *s)
{
	__u64 id;

	if (s->r.owner.tgid && (s->r.reads | s->r.sends))
		return 1;
	id = current_ids();
	if (self_tgid && id >> 32 == self_tgid) {
		s->tracked = TRACKED_NO;
		return 0;
	}
	if (s->r.owner.tid == (__u32)id && s->r.owner.tgid)
		return 1;
	s->r.owner.tgid = id >> 32;
	s->r.owner.tid = id;
	bpf_get_current_comm(s->r.owner.comm, sizeof(s->r.owner.comm));
	return 1;
}

static __always_inline struct listener listener_at(const struct sock *sk)
{
	struct listener key = {};

	key.netns = netns_of(sk);
	key.port = READ(sk, __sk_common.skc_num);
	return key;
}

static __always_inline void listener_note(const struct sock *sk)
{
	struct listener key = listener_at(sk);
	__u32 one = 1;
	long error;

	if (!key.port) /* the kernel chooses one later: nobody knows it, so hardly anybody comes */
		return;
	error = bpf_map_update_elem(&listeners, &key, &one, BPF_ANY);
	if (error) {
		count(FAILURE_LISTENERS);
		count_errno(FAILURE_LISTENERS, error);
	}
}

/*
 * A socket older than the agent, or one whose establishment was missed: a
 * program that would interrupt itself on a CPU does not run. A listened-on
 * local port makes an acceptor.
 */
static __always_inline struct socket_state *state_adopted(struct sock *sk)
{
	struct socket_state *s = state_new(sk, EXCHANGE_MIDWAY);
	struct tcp_sock *tp = tcp_of(sk);
	struct listener key = listener_at(sk);

	if (!s || !tp || s->r.tuple.role != ROLE_UNKNOWN)
		return s;
	s->r.tuple.role = bpf_map_lookup_elem(&listeners, &key) ? ROLE_ACCEPT : ROLE_CONNECT;
	rebase(s, tp);
	return s;
}

/*
 * Of a socket that connects, whose state was made before the kernel chose its port (SYN_SENT). A function of its
 * own: verifiers then meet one state behind it, not one for each way through it.
 */
static __noinline int establishment_missed(struct sock *sk, struct socket_state *s)
{
	struct tcp_sock *tp = tcp_of(sk);

	/* a read or write that waits in SYN_SENT is followed by what it waits for; at CLOSE the port is gone */
	if (!tp || READ(sk, __sk_common.skc_state) == TCP_SYN_SENT || !READ(sk, __sk_common.skc_num))
		return 0;
	read_tuple(&s->r.tuple, sk);
	s->r.flags |= EXCHANGE_MIDWAY;
	rebase(s, tp);
	return 0;
}

/*
 * The state of a socket that is read or written. One that was in an accept
 * queue when the agent came belongs to no file then, so adopt_sockets misses
 * it: it is taken in here, as is one whose establishment was missed. Not when
 * it is closed: an entry made then stays.
 */
static __always_inline struct socket_state *state_in_use(struct sock *sk)
{
	struct socket_state *s = storage_find(sk);

	if (s) {
		if (s->tracked != TRACKED_YES)
			return 0;
		if (!s->r.tuple.local_port)
			establishment_missed(sk, s);
		return s;
	}
	if (READ(sk, __sk_common.skc_state) != TCP_ESTABLISHED)
		return 0;
	return state_adopted(sk);
}
