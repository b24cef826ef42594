/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The first bytes of each direction, which tell the protocol in user space
 * (io.hoptoll.agent.l7). Kept at the socket, as clients read a message's length
 * apart from the message, and told with the turn that follows: at most one
 * record a direction. Of TLS the ClientHello alone is told: it is in clear, and
 * has the server's name.
 *
 * What tells gRPC from HTTP/2 is a header, which comes later than the preface:
 * of an HTTP/2 connection the begin of its first few reads and writes is told.
 */
#pragma once

#define HEAD_IN 1
#define HEAD_OUT 2
#define HEAD_HELLO 4
#define HEAD_NO_FRAMES 8 /* of HTTP/2: they were not followed from the begin on, or not without a gap */
#define HEAD_FRAMES_ASKED 16 /* a task asked for them all the same; counted */

static __always_inline bool begin_wanted(const struct socket_heads *h, bool in)
{
	return !(h->told & (in ? HEAD_IN : HEAD_OUT)) && (in ? h->in_length : h->out_length) < HEAD_KEPT;
}

static __always_inline bool frame_wanted(const struct socket_state *s)
{
	return s->r.flags & EXCHANGE_MULTIPLEXED && s->heads.frames < HEAD_FRAMES;
}

/* Does this direction, in clear, still lack bytes? */
static __always_inline bool head_wanted(const struct socket_state *s, bool in)
{
	return s->tls.known != TLS_YES && (frame_wanted(s) || begin_wanted(&s->heads, in));
}

static __always_inline void head_fill(const struct socket_state *s, struct record_header *h, __u16 size,
				      __u64 now)
{
	*h = s->r.header;
	h->kind = RECORD_HEAD;
	h->size = size;
	h->emitted = now;
	h->turn = s->turns;
}

static __always_inline __u8 heads_known(const struct socket_heads *h)
{
	return (h->in_length ? HEAD_IN : 0) | (h->out_length ? HEAD_OUT : 0);
}

static __always_inline void heads_tell(struct socket_state *s, const struct head_bytes *kept, __u64 now)
{
	const struct socket_heads *h = &s->heads;
	struct head_record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r) {
		count(FAILURE_RING_FULL);
		return;
	}
	head_fill(s, &r->header, sizeof(*r), now);
	r->tuple = s->r.tuple;
	r->in_length = h->in_length;
	r->out_length = h->out_length;
	if (h->in_length)
		__builtin_memcpy(r->bytes, kept->bytes, sizeof(r->bytes));
	else
		__builtin_memcpy(r->bytes, kept->bytes + HEAD_KEPT, sizeof(r->bytes));
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

/* Tells what is known since the last time. */
static __always_inline void heads_report(struct sock *sk, struct socket_state *s, __u64 now)
{
	struct socket_heads *h = &s->heads;
	__u8 known = heads_known(h);
	struct head_bytes *kept;

	if (!(known & ~h->told))
		return;
	h->told |= known; /* also where the ring is full: told once, or counted */
	kept = head_bytes_find(sk);
	if (!kept)
		return;
	heads_tell(s, kept, now);
	if (known != (HEAD_IN | HEAD_OUT))
		return;
	/*
	 * Both directions: nothing looks at the bytes again, and they may hold a user's name or password (Redis
	 * AUTH, PostgreSQL's first message). Those of one direction wait for the other's: several protocols are
	 * known by both.
	 */
	__builtin_memset(kept->bytes, 0, sizeof(kept->bytes));
	head_bytes_end(sk);
}

/* The socket's end; those that were told, and of one direction, wait for nothing more. */
static __always_inline void heads_end(struct sock *sk, const struct socket_state *s)
{
	__u8 known = heads_known(&s->heads);

	if (known && known != (HEAD_IN | HEAD_OUT))
		head_bytes_end(sk);
}

static __always_inline void head_tell(struct socket_state *s, bool in, const char *user,
				      __u64 length, __u64 now)
{
	struct long_head_record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r) {
		count(FAILURE_RING_FULL);
		return;
	}
	head_fill(s, &r->header, sizeof(*r), now);
	r->tuple = s->r.tuple;
	if (length > HEAD_BYTES)
		length = HEAD_BYTES;
	if (read_user_within(r->bytes, length, user, HEAD_BYTES)) {
		count(FAILURE_USER_READ);
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		return;
	}
	r->in_length = in ? length : 0;
	r->out_length = in ? 0 : length;
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

static __always_inline void head_keep(struct sock *sk, struct socket_heads *h, bool in, const char *user,
				      __u64 take)
{
	__u8 *length = in ? &h->in_length : &h->out_length;
	__u64 have = *length, at; /* 64 bits: a widened register has no bounds */
	struct head_bytes *kept = head_bytes_make(sk);

	if (!kept) {
		count(FAILURE_STORAGE);
		return;
	}
	if (have > HEAD_KEPT)
		return;
	if (take > HEAD_KEPT - have)
		take = HEAD_KEPT - have;
	at = (in ? 0 : HEAD_KEPT) + have;
	asm volatile("" : "+r"(at), "+r"(take));
	if (at >= 2 * HEAD_KEPT || take > HEAD_KEPT)
		return;
	if (read_user(&kept->bytes[at], take, user)) {
		count(FAILURE_USER_READ);
		return;
	}
	*length = have + take;
}

/* A read or write of `length` bytes at `user`, that is no TLS. */
static __always_inline void heads_note(struct sock *sk, struct socket_state *s, bool in, const char *user,
				       __u32 length, __u64 now)
{
	if (!user || !length || s->tls.known == TLS_YES)
		return;
	if (frame_wanted(s)) {
		s->heads.frames++;
		head_tell(s, in, user, length, now);
	}
	if (begin_wanted(&s->heads, in))
		head_keep(sk, &s->heads, in, user, length);
}

/*
 * The first bytes of the client's first TLS record. Servers read its header apart:
 * then the next read begins with the message.
 */
static __always_inline void hello_note(struct socket_state *s, bool in, const char *user,
				       __u32 length, __u64 now)
{
	bool from_client = in == (s->r.tuple.role == ROLE_ACCEPT);

	if (s->tls.known != TLS_YES || !from_client || s->tls.ready || !user || length <= TLS_HEADER ||
	    s->heads.told & HEAD_HELLO)
		return;
	s->heads.told |= HEAD_HELLO;
	head_tell(s, in, user, length, now);
}
