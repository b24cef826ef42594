/* SPDX-License-Identifier: GPL-2.0 */
/* Which bytes of a socket are part of a turn: finds the user's buffer and walks its TLS records. */
#pragma once
#include "http2.h"
#include "registers.h"

/* The begin of what was read. */
struct user_bytes {
	__u64 at; /* 0: not known */
	__u64 next; /* the user's iovec of what follows; 0: none, or not known */
	__u32 length;
	__u32 pad;
};

/*
 * Where the system call at hand reads or writes in user memory, from its saved
 * registers: the tracepoints do not carry the buffer.
 */
static __always_inline void syscall_buffer(struct user_bytes *user)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	const void *at = syscall_second(regs);
	struct user_message message = {};
	struct iovec first = {};

	switch (syscall_number(regs)) {
	case NR_READ:
	case NR_RECVFROM:
		user->at = (__u64)at;
		return;
	case NR_RECVMSG:
	case NR_RECVMMSG:
		if (read_user(&message, sizeof(message), at))
			return;
		at = message.iov; /* fall through */
	case NR_READV:
		if (read_user(&first, sizeof(first), at))
			return;
		if (first.iov_len < user->length)
			user->length = first.iov_len;
		user->at = (__u64)first.iov_base;
		user->next = (__u64)at + sizeof(first);
	}
}

/* At the first request bytes of a connection (or of a turn, midway): is this TLS, or HTTP/2? */
static __always_inline void protocol_recognise(struct socket_state *s, const char *user, __u32 readable)
{
	__u8 head[TLS_HEADER] = {};

	s->tls.known = TLS_NO;
	if (!user || readable < TLS_HEADER || read_user(head, sizeof(head), user))
		return;
	if (http2_is_preface(head) || (s->r.flags & EXCHANGE_MIDWAY && http2_midway(user, readable))) {
		s->r.flags |= EXCHANGE_MULTIPLEXED;
		if (payload_level >= PAYLOAD_HEADS && s->r.flags & EXCHANGE_MIDWAY)
			count(FAILURE_HTTP2_MIDWAY);
	}
	if (!tls_is_header(head))
		return;
	s->tls.known = TLS_YES;
	s->tls.ready = s->tls.asked = head[0] == TLS_DATA; /* midway: the handshake is over */
	s->r.flags |= EXCHANGE_TLS;
}

static __always_inline void handshake_progress(struct socket_state *s, bool was_ready, __u64 now)
{
	if (!s->r.opening.handshake_start)
		s->r.opening.handshake_start = now;
	if (!was_ready && s->tls.ready)
		s->r.opening.handshake_end = now;
}

/* Of a TLS connection: does the chunk carry more than handshake and alerts? */
static __always_inline bool tls_carries_data(struct socket_state *s, bool in, const char *user,
					     __u32 length, __u32 readable, __u64 now)
{
	bool from_client = in == (s->r.tuple.role == ROLE_ACCEPT);
	struct tls_chunk chunk = { (__u64)user, length, readable, 0, in, from_client };
	bool was_ready = s->tls.ready, had_asked = s->tls.asked;
	bool was_lost = s->tls.in.lost | s->tls.out.lost;

	tls_walk(&s->tls, &chunk);
	if (chunk.fault)
		count(FAILURE_USER_READ);
	if (!was_lost && (s->tls.in.lost | s->tls.out.lost))
		count(FAILURE_TLS_SYNC);
	if (!was_ready)
		handshake_progress(s, was_ready, now);
	if (!was_ready && s->tls.ready && chunk.data)
		s->r.flags |= EXCHANGE_TLS_AMBIGUOUS;
	/* a client's flight that began as handshake is handshake to its end */
	if (!in && from_client && s->tls.began_as_handshake) {
		s->tls.asked = had_asked;
		return 0;
	}
	return chunk.data;
}

/* Is this chunk part of a turn? Handshake and alert records are not. */
static __always_inline bool carries_data(struct socket_state *s, bool in, const char *user,
					 __u32 length, __u32 readable, __u64 now)
{
	bool from_client = in == (s->r.tuple.role == ROLE_ACCEPT);

	if (s->tls.known == TLS_UNKNOWN && from_client)
		protocol_recognise(s, user, readable);
	if (s->tls.known != TLS_YES)
		return 1;
	return tls_carries_data(s, in, user, length, readable, now);
}

/*
 * Will the send that begins carry data of a turn? Where that is sure the turn
 * advances now: on loopback the answer may be read by another thread before
 * the send returns. False where only the walk at its return can tell.
 */
static __always_inline bool send_will_carry_data(struct socket_state *s)
{
	bool from_client = s->r.tuple.role == ROLE_CONNECT;
	const struct tls_direction *d = &s->tls.out;
	const char *user = (const char *)s->send_buffer;
	__u8 head[TLS_HEADER] = {};

	if (s->tls.known == TLS_UNKNOWN && from_client)
		protocol_recognise(s, user, s->send_readable);
	if (s->tls.known != TLS_YES)
		return s->tls.known == TLS_NO;
	if (d->lost || d->have)
		return 0;
	if (d->left)
		return d->counts;
	if (!user || s->send_readable < TLS_HEADER || read_user(head, sizeof(head), user))
		return 0;
	return tls_is_header(head) && tls_counts(&s->tls, head, from_client);
}
