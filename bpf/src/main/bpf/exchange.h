/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The turn machine of one socket. It runs in process context only (reads and
 * writes); sk_data_ready, in softirq and perhaps on another CPU, notes what
 * waits in the queue, and the read that takes it makes it the turn's: data of
 * the next request arrives while the last turn is still open. A CONNECT socket's requests go
 * out, an ACCEPT socket's come in; a request byte after the response began
 * ends the turn and opens the next.
 */
#pragma once

enum phase { PHASE_IDLE = 0, PHASE_REQUEST = 1, PHASE_RESPONSE = 2 };
enum tracked { TRACKED_NEW = 0, TRACKED_YES = 1, TRACKED_NO = 2, TRACKED_ENDED = 3 };

/* The burst at hand; reported at once, what follows closely when it ends. */
struct burst {
	__u64 ready, first, last;
	__u64 span; /* begin of the time in which in_span were counted */
	__u32 seq_from, seq_to;
	__u32 in_span;
	__u8 in;
	__u8 more; /* holds what was not yet reported */
	__u8 pad[2];
};

/* One direction of an HTTP/2 connection whose frames are followed (frames.h). */
struct http2_direction {
	__u32 left; /* of the frame at hand */
	__u32 told; /* bytes of frames that were told */
	__u8 header[9];
	__u8 have; /* of a header that was cut */
	__u8 keep; /* the frame at hand is told */
	__u8 begun;
	__u8 lost;
	__u8 pad[3];
};

struct http2_frames {
	struct http2_direction in, out;
	__u64 send_next; /* iovec behind the first piece of the send at hand */
};

/* The first bytes of each direction; the third part is never written: the verifier adds two bounds up. */
struct head_bytes {
	__u8 bytes[3 * HEAD_KEPT];
};

/* What is known of them. */
struct socket_heads {
	__u8 in_length; /* kept in head_bytes */
	__u8 out_length;
	__u8 told;   /* HEAD_IN, HEAD_OUT: no more is kept of it; others of heads.h */
	__u8 frames; /* reads and writes of HTTP/2 that were told */
};

/* TCP's counters at one moment. */
struct tcp_counters {
	__u32 retransmits, lost, out_of_order, dsacks;
	__u32 busy, rwnd, sndbuf, segments_in, segments_out;
};

/* Of connection_life, what cannot be asked for at the end. */
struct kept_life {
	__u64 first_byte, fin_sent, fin_acked, fin_received;
	__u32 inode; /* the kernel numbers sockets' files in 32 bits: get_next_ino() */
	__u32 last_state;
};

/*
 * What every read and write touches comes first: a busy node's sockets are cold when they are come by.
 * What few sockets need, or for a short time, lies in maps of its own: head_bytes, burst.
 */
struct socket_state {
	/* the turn at hand; as long as it is, TCP's counters in here say what they were as it began */
	struct exchange_turn r;
	__u64 ready_pending; /* first data ready since the queue was last empty */
	__u64 ready_last;
	__u32 ready_seq;    /* rcv_nxt at the latest data ready */
	__u32 ready_events; /* not yet read: becomes the turn's with the read */
	__u32 ready_queue_max;
	__u8 tracked;
	__u8 phase;
	__u8 dirty; /* changed since it was last reported */
	__u8 send_opened; /* the send at hand was counted to turn send_turn when it began */
	__u64 send_entry;
	__u64 send_buffer; /* user address of the send at hand */
	__u32 send_readable;
	__u32 send_turn;
	__u32 turns;
	__u8 telling; /* the flush has taken `dirty` and not told the turn yet */
	struct socket_heads heads;
	struct tls_state tls;
	struct kept_life life;
};

/* With the 72 bytes that the kernel puts before it, an allocation of 512 bytes; one more, and it is 1,024. */
_Static_assert(sizeof(struct socket_state) <= 440, "a socket's state leaves its slab of 512 bytes");

/* Starts the next turn's account; the connection's own part of the record stays. */
static __always_inline void turn_reset(struct socket_state *s)
{
	struct exchange_turn *r = &s->r;

	r->ready_first = r->ready_last = r->read_first = r->read_last = 0;
	r->send_first = r->send_last = r->bytes_in = r->bytes_out = 0;
	r->reads = r->sends = r->would_blocks = r->ready_events = r->receive_queue_max = 0;
	r->http_status = 0;
	r->flags &= EXCHANGE_MIDWAY | EXCHANGE_TLS | EXCHANGE_MULTIPLEXED;
	s->phase = PHASE_IDLE;
	s->dirty = 0;
}

/* Would a chunk in this direction end the turn at hand? */
static __always_inline bool turn_ends(const struct socket_state *s, bool in)
{
	bool request = in == (s->r.tuple.role == ROLE_ACCEPT);

	return request && s->phase == PHASE_RESPONSE;
}

static __always_inline void turn_advance(struct socket_state *s, bool in)
{
	bool request = in == (s->r.tuple.role == ROLE_ACCEPT);

	if (!request)
		s->phase = PHASE_RESPONSE;
	else if (s->phase == PHASE_IDLE)
		s->phase = PHASE_REQUEST;
}

/* softirq: data is in the queue up to seq. Order matters, see ready_consumed(). */
static __always_inline void ready_note(struct socket_state *s, __u64 now, __u32 seq, __u32 queued)
{
	s->ready_last = now;
	s->ready_seq = seq;
	barrier();
	if (!s->ready_pending)
		s->ready_pending = now;
	s->ready_events++;
	if (queued > s->ready_queue_max)
		s->ready_queue_max = queued;
}

/* What waited in the queue is the turn's now. */
static __always_inline void turn_takes_ready(struct socket_state *s)
{
	struct exchange_turn *r = &s->r;
	__u32 events = s->ready_events;

	if (!s->ready_pending)
		return;
	if (!r->reads) {
		r->ready_first = s->ready_pending;
		/* what the last turn's read left behind was counted there */
		if (!events)
			events = 1;
	}
	r->ready_last = s->ready_last;
	r->ready_events += events;
	if (s->ready_queue_max > r->receive_queue_max)
		r->receive_queue_max = s->ready_queue_max;
}

/* Bytes were read; the turn that they belong to is open. */
static __always_inline void turn_read(struct socket_state *s, __u64 now, __u32 bytes)
{
	turn_advance(s, 1);
	turn_takes_ready(s);
	if (!s->r.read_first)
		s->r.read_first = now;
	s->r.read_last = now;
	s->r.bytes_in += bytes;
	s->r.reads++;
	s->dirty = 1;
}

/* A send begins that will carry the turn's data; the peer may answer before it returns. */
static __always_inline void turn_send_begins(struct socket_state *s, __u64 entry)
{
	turn_advance(s, 0);
	if (!s->r.send_first)
		s->r.send_first = entry;
	s->r.send_last = entry;
	s->send_opened = 1;
	s->send_turn = s->turns;
}

/* Bytes were written, between entry and now. */
static __always_inline void turn_written(struct socket_state *s, __u64 entry, __u64 now,
					 __u32 bytes)
{
	turn_advance(s, 0);
	if (!s->r.send_first)
		s->r.send_first = entry ? entry : now;
	s->r.send_last = now;
	s->r.bytes_out += bytes;
	s->r.sends++;
	s->dirty = 1;
}

/*
 * After a read up to copied_seq: announced data that is left became ready with
 * the latest event. Cleared first, looked at then: an event in between is seen
 * here or sees the cleared mark.
 */
static __always_inline void ready_consumed(struct socket_state *s, __u32 copied_seq)
{
	s->ready_pending = 0;
	s->ready_events = 0;
	s->ready_queue_max = 0;
	barrier();
	if ((__s32)(s->ready_seq - copied_seq) > 0) {
		s->ready_pending = s->ready_last;
		s->ready_queue_max = s->ready_seq - copied_seq;
	}
}
