/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HTTP/1 in clear, where agent.payload is `heads`, or a task asks for it (tasks.h); with `off` the verifier takes
 * all of it out. The begin
 * of each request is told as its first bytes are read or written: one that nobody answers is seen
 * while it hangs. Of a response the status alone is looked at, and stays with its exchange. Of what
 * does not begin as HTTP/1 no more than four bytes are looked at.
 */
#pragma once
#include "http1.h"
#include "tasks.h"

/* set by the agent before load: requests are told by the end that writes them, too */
const volatile __u32 message_at_client = 1;

#define STATUS_LINE 12 /* HTTP/1.1 200 */

static __always_inline bool is_request(const struct socket_state *s, bool in)
{
	return in == (s->r.tuple.role == ROLE_ACCEPT);
}

/* Do the next bytes of this direction begin a request, or its response, in clear? heads: of head_bytes_asked(). */
static __always_inline bool message_wanted(const struct socket_state *s, bool in, __u32 heads)
{
	if (!heads || s->tls.known == TLS_YES || s->r.flags & EXCHANGE_MULTIPLEXED)
		return 0;
	if (is_request(s, in))
		return s->phase != PHASE_REQUEST && (in || message_at_client);
	return s->phase == PHASE_REQUEST;
}

/* Reserves a record with room for `room` bytes, a constant, and fills it. */
static __always_inline void message_tell(struct socket_state *s, bool in, const char *user, __u64 length,
					 __u64 now, __u32 heads, const __u32 room)
{
	const __u32 size = __builtin_offsetof(struct message_record, bytes) + room;
	struct message_record *m = bpf_ringbuf_reserve(&records, size, 0);

	if (!m) {
		count(FAILURE_RING_FULL);
		return;
	}
	head_fill(s, &m->header, size, now);
	m->header.kind = RECORD_MESSAGE;
	m->tuple = s->r.tuple;
	m->owner = s->r.owner;
	m->at = now;
	m->flags = in ? MESSAGE_IN : 0;
	if (length > heads)
		length = heads;
	if (length > room)
		length = room;
	if (read_user_within(m->bytes, length, user, room)) {
		count(FAILURE_USER_READ);
		bpf_ringbuf_discard(m, BPF_RB_NO_WAKEUP);
		return;
	}
	m->length = length;
	bpf_ringbuf_submit(m, BPF_RB_NO_WAKEUP);
}

static __always_inline void message_request(struct socket_state *s, bool in, const char *user,
					    __u32 length, __u64 now, __u32 heads)
{
	__u32 word = 0;

	if (length < sizeof(word) || read_user(&word, sizeof(word), user) || !http1_is_request(word))
		return;
	if (heads > MESSAGE_BYTES)
		message_tell(s, in, user, length, now, heads, MESSAGE_LONG_BYTES);
	else
		message_tell(s, in, user, length, now, heads, MESSAGE_BYTES);
}

static __always_inline bool is_digit(__u8 c)
{
	return c >= '0' && c <= '9';
}

static __always_inline void message_response(struct socket_state *s, const char *user, __u32 length)
{
	__u8 line[STATUS_LINE] = {};

	if (length < sizeof(line) || read_user(line, sizeof(line), user))
		return;
	if (line[0] != 'H' || line[1] != 'T' || line[2] != 'T' || line[3] != 'P' || line[4] != '/' ||
	    line[5] != '1' || line[6] != '.' || line[8] != ' ')
		return;
	if (is_digit(line[9]) && is_digit(line[10]) && is_digit(line[11]))
		s->r.http_status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
}

/* A read or send of the turn at hand, before it is counted to it. */
static __always_inline void message_note(struct socket_state *s, bool in, const char *user, __u32 length,
					 __u64 now, __u32 heads)
{
	bool first = s->phase == (is_request(s, in) ? PHASE_IDLE : PHASE_REQUEST);

	if (!first || !user || s->tls.known != TLS_NO || !message_wanted(s, in, heads))
		return;
	if (is_request(s, in))
		message_request(s, in, user, length, now, heads);
	else
		message_response(s, user, length);
}
