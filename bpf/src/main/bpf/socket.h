/* SPDX-License-Identifier: GPL-2.0 */
/* A socket's entry in the storage: found, made, named. */
#pragma once

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
