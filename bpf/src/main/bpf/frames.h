/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames with heads of HTTP/2 in clear (RFC 9113 4.1), where agent.payload is `heads`, or a task asks for them
 * (tasks.h); with `off` the verifier takes all of it out. Frames are followed in each direction from the connection's begin on, over the pieces of a
 * read or write: of those that carry heads all bytes are told, in order, for one missing makes all later heads
 * of that direction unreadable (HPACK); of others nothing but their nine bytes of header is looked at. Each
 * record says how many such bytes came before it, so that user space sees a gap.
 */
#pragma once
#include "http2.h"
#include "iov.h"

#define HTTP2_PREFACE 24 /* bytes before a client's first frame: RFC 9113 3.4 */

/* Frames, and further pieces of 256 bytes of those told, of one read or write. */
#ifdef HOPTOLL_PROBED
#define HTTP2_STEPS 64 /* the verifier walks http2_step() anew for each: of 5.10's million 64 take half */
#else
#define HTTP2_STEPS 256
#endif

/* One read or write on its way through the frames. */
struct http2_walk {
	__u64 at;    /* user memory */
	__u64 next;  /* iovec of what follows it; 0: none */
	__u64 now;
	__u32 here;  /* bytes at `at` */
	__u32 bytes; /* not walked yet, those here included */
	__u8 in;
	__u8 kernel; /* `next` is in kernel memory, else the user's */
	__u8 over;   /* nothing more can be taken */
	__u8 pad[5];
};

/*
 * heads: of head_bytes_asked(). Where http2_step() is walked anew for each step, that is two thirds of what the
 * verifier has to do at each start, some seconds: not for a task that may come.
 */
static __always_inline bool frames_wanted(const struct socket_state *s, __u32 heads)
{
#ifdef HOPTOLL_PROBED
	if (payload_level < PAYLOAD_HEADS)
		return 0;
#endif
	return heads && s->r.flags & EXCHANGE_MULTIPLEXED &&
	       !(s->r.flags & EXCHANGE_MIDWAY) && !(s->heads.told & HEAD_NO_FRAMES) &&
	       (s->r.tuple.role == ROLE_ACCEPT || message_at_client);
}

/*
 * Bytes pass that nobody follows: what comes later cannot be read, whoever asks for it then. A task that
 * does learns from the count why it sees nothing.
 */
static __always_inline void frames_missed(struct socket_state *s, __u32 heads)
{
	if (payload_level != PAYLOAD_PROTOCOL || !(s->r.flags & EXCHANGE_MULTIPLEXED))
		return;
	s->heads.told |= HEAD_NO_FRAMES;
	if (heads && !(s->heads.told & HEAD_FRAMES_ASKED)) {
		s->heads.told |= HEAD_FRAMES_ASKED;
		count(FAILURE_HTTP2_MIDWAY);
	}
}

/* Tells `take` bytes: of user memory, or of a frame's header that came in pieces. */
static __always_inline void frames_tell(struct socket_state *s, struct http2_direction *d, const struct http2_walk *w,
					__u64 take, bool header)
{
	struct frame_record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
	__u32 offset = d->told;

	d->told += take;
	if (!r) {
		count(FAILURE_RING_FULL);
		return;
	}
	head_fill(s, &r->header, sizeof(*r), w->now);
	r->header.kind = RECORD_FRAMES;
	r->tuple = s->r.tuple;
	r->owner = s->r.owner;
	r->at = w->now;
	r->offset = offset;
	r->flags = w->in ? MESSAGE_IN : 0;
	r->length = take;
	r->pad = 0;
	if (header) {
		__builtin_memcpy(r->bytes, d->header, sizeof(d->header));
	} else if (read_user_within(r->bytes, take, (const void *)w->at, FRAME_BYTES)) {
		count(FAILURE_USER_READ);
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		return;
	}
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

/* Out of step for good: user space learns it from a gap. */
static __always_inline void frames_lose(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
	d->lost = 1;
	count(FAILURE_HTTP2_SYNC);
	d->told++;
	frames_tell(s, d, w, 0, 1);
}

static __always_inline void http2_advance(struct http2_walk *w, __u32 bytes)
{
	w->at += bytes;
	w->here -= bytes;
	w->bytes -= bytes;
}

/* The next piece of the read or write; it goes on there, as not all bytes were in those before. */
static __always_inline bool http2_next_piece(struct http2_walk *w)
{
	struct iovec piece = {};

	if (!w->next || (w->kernel ? bpf_probe_read_kernel(&piece, sizeof(piece), (const void *)w->next)
				   : read_user(&piece, sizeof(piece), (const void *)w->next)))
		return 0;
	w->next += sizeof(piece);
	w->at = (__u64)piece.iov_base;
	w->here = piece.iov_len < w->bytes ? piece.iov_len : w->bytes;
	return 1;
}

/*
 * What RFC 9113 6 says of a type of frame. A table, as the verifier walks each way through a switch in each step;
 * of 256, so that no index needs a check that it may forget. Types beyond the RFC's are allowed (4.1): all zero.
 */
enum http2_stream { STREAM_ANY, STREAM_SOME, STREAM_NONE };

struct http2_rule {
	__u8 stream; /* enum http2_stream */
	__u8 fixed;  /* its length is this; 0: any */
	__u8 told;   /* it carries heads, or ends them */
};

static const struct http2_rule http2_rules[256] = {
	[HTTP2_DATA] = { STREAM_SOME },
	[HTTP2_HEADERS] = { STREAM_SOME, .told = 1 },
	[HTTP2_PRIORITY] = { STREAM_SOME, .fixed = 5 },
	[HTTP2_RST_STREAM] = { STREAM_SOME, .fixed = 4, .told = 1 },
	[HTTP2_SETTINGS] = { STREAM_NONE },
	[HTTP2_PUSH_PROMISE] = { STREAM_SOME, .told = 1 },
	[HTTP2_PING] = { STREAM_NONE, .fixed = 8 },
	[HTTP2_GOAWAY] = { STREAM_NONE },
	[HTTP2_WINDOW_UPDATE] = { STREAM_ANY, .fixed = 4 },
	[HTTP2_CONTINUATION] = { STREAM_SOME, .told = 1 },
};

/*
 * Loads it from memory again: of what it compared with a number the verifier then knows nothing, so that the ways
 * to here are one to it. Known numbers made them more than a million instructions, which 5.10 refused.
 */
#define LOADED_AGAIN(x) (*(volatile typeof(x) *)&(x))

/* Takes what the header says; false where it cannot be one. */
static __always_inline bool http2_header_taken(struct http2_direction *d)
{
	const __u8 *b = d->header;
	__u32 length = (__u32)b[0] << 16 | (__u32)b[1] << 8 | b[2];
	__u32 stream = (__u32)b[5] << 24 | (__u32)b[6] << 16 | (__u32)b[7] << 8 | b[8];
	const struct http2_rule *rule;
	__u64 type = b[3];

	asm volatile("" : "+r"(type)); /* keeps the mask, which bounds the index */
	rule = &http2_rules[type & 0xff];
	if (stream >> 31 || (rule->fixed && rule->fixed != length) ||
	    (stream ? rule->stream == STREAM_NONE : rule->stream == STREAM_SOME))
		return 0;
	d->keep = rule->told;
	d->left = length;
	return 1;
}

/* Reads a frame's header: at once, or where it is cut byte by byte. False where that cannot go on. */
static __always_inline bool http2_begin_frame(struct socket_state *s, struct http2_direction *d,
					      struct http2_walk *w)
{
	bool whole = !d->have && w->here >= HTTP2_HEADER;
	__u64 at = d->have; /* 64 bits: a widened register has no bounds */

	if (whole) {
		if (read_user(d->header, HTTP2_HEADER, (const void *)w->at))
			return 0;
	} else {
		asm volatile("" : "+r"(at));
		if (at >= HTTP2_HEADER || read_user(&d->header[at], 1, (const void *)w->at))
			return 0;
		http2_advance(w, 1);
		d->have = at + 1;
		if (d->have < HTTP2_HEADER)
			return 1;
	}
	d->have = 0;
	if (!http2_header_taken(d))
		return 0;
	if (whole)
		d->left += HTTP2_HEADER; /* told with what it heads */
	else if (LOADED_AGAIN(d->keep))
		frames_tell(s, d, w, HTTP2_HEADER, 1);
	return 1;
}

/*
 * Takes a header, or (the rest of) a frame, off the walk; false at its end. A global function, as tls_step() is,
 * and for the same reasons.
 */
#ifdef HOPTOLL_PROBED
static __always_inline
#else
__noinline
#endif
int http2_step(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
	__u32 take, left, here;

	if (!s || !d || !w || d->lost || !w->bytes)
		return 0;
	if (!w->here)
		return http2_next_piece(w);
	if (!d->left) {
		if (!http2_begin_frame(s, d, w)) {
			frames_lose(s, d, w);
			return 0;
		}
	}
	left = LOADED_AGAIN(d->left);
	here = LOADED_AGAIN(w->here);
	if (!left || !here)
		return 1;
	take = left < here ? left : here;
	if (LOADED_AGAIN(d->keep)) {
		if (take > FRAME_BYTES)
			take = FRAME_BYTES;
		frames_tell(s, d, w, take, 0);
	}
	d->left -= take;
	http2_advance(w, take);
	return 1;
}

#ifdef HOPTOLL_PROBED
/*
 * The same; says at the walk that it is over. A number returned to a loop that counts is one that verifiers before
 * 6.5 cannot follow back into the function, and then they take none of the ways for one another.
 */
static __noinline void http2_step_noted(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
	if (!http2_step(s, d, w))
		w->over = 1;
}

static __always_inline void http2_steps(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
#pragma unroll
	for (int i = 0; i < HTTP2_STEPS; i++) {
		http2_step_noted(s, d, w);
		if (LOADED_AGAIN(w->over))
			break;
	}
}
#else
static __always_inline void http2_steps(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
	for (int i = 0; i < HTTP2_STEPS; i++)
		if (!http2_step(s, d, w))
			break;
}
#endif

/* Null for good where there is no room: what came later would be taken for the connection's begin. */
static __always_inline struct http2_frames *frames_of(struct sock *sk, struct socket_state *s)
{
	struct http2_frames *f = http2_frames_make(sk);

	if (!f) {
		s->heads.told |= HEAD_NO_FRAMES;
		count(FAILURE_STORAGE);
	}
	return f;
}

/* A read or write of w->bytes bytes. What could not be seen does not matter within a frame that is not told. */
static __always_inline void frames_note(struct socket_state *s, struct http2_direction *d, struct http2_walk *w)
{
	if (!d->begun) {
		d->begun = 1;
		d->left = w->in == (s->r.tuple.role == ROLE_ACCEPT) ? HTTP2_PREFACE : 0;
	}
	http2_steps(s, d, w);
	if (!w->bytes || d->lost)
		return;
	if (d->keep || w->bytes > d->left)
		frames_lose(s, d, w);
	else
		d->left -= w->bytes;
}

/* Remembers where the rest of a send's pieces is; its first is the socket's send_buffer. */
static __always_inline void frames_sending(struct sock *sk, const struct msghdr *message)
{
	struct http2_frames *f = http2_frames_make(sk); /* if not, frames_sent() counts it */

	if (f)
		f->send_next = message ? iov_rest(&message->msg_iter) : 0;
}

static __always_inline void frames_sent(struct sock *sk, struct socket_state *s, __u32 bytes, __u64 entry)
{
	struct http2_frames *f = frames_of(sk, s);
	struct http2_walk w = { .at = s->send_buffer, .now = entry, .bytes = bytes, .kernel = 1 };

	if (!f)
		return;
	w.here = !w.at ? 0 : s->send_readable < bytes ? s->send_readable : bytes;
	w.next = w.at ? f->send_next : 0;
	frames_note(s, &f->out, &w);
}

static __always_inline void frames_read(struct sock *sk, struct socket_state *s, const struct user_bytes *user,
					__u32 bytes, __u64 now)
{
	struct http2_frames *f = frames_of(sk, s);
	struct http2_walk w = { .at = user->at, .next = user->next, .now = now, .bytes = bytes, .in = 1 };

	if (!f)
		return;
	w.here = user->at ? user->length : 0;
	frames_note(s, &f->in, &w);
}
