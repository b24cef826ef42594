/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bursts: what was read or written, when, and where in the byte stream. On a
 * multiplexed connection (HTTP/2) a turn is no request; an access log entry's
 * instants find the burst that carried them, and the sequence numbers find the
 * same bytes at the other end. Reported where HTTP/2 was seen in clear, and on
 * TLS, whose content nobody sees.
 */
#pragma once

#define BURST_GAP_NS 100000  /* bulk: what follows within 0.1 ms is the same burst */
#define BURST_BULK 4096	     /* bytes of one read or write */
#define BURST_MAX (1 << 20)  /* bytes of one burst */
#define BURST_SPAN_NS 10000000 /* within 10 ms ... */
#define BURSTS_IN_SPAN 64      /* ... so many are told apart, the rest is merged */

static __always_inline bool has_bursts(const struct socket_state *s)
{
	return s->tls.known == TLS_YES ? s->tls.ready : s->r.flags & EXCHANGE_MULTIPLEXED;
}

static __always_inline void report_burst(struct socket_state *s, struct burst *at, __u64 now)
{
	struct burst_record *b = bpf_ringbuf_reserve(&records, sizeof(*b), 0);

	at->more = 0;
	if (!b) {
		count(FAILURE_RING_FULL);
		return;
	}
	b->header = s->r.header;
	b->header.kind = RECORD_BURST;
	b->header.size = sizeof(*b);
	b->header.emitted = now;
	b->header.turn = s->turns;
	b->tuple = s->r.tuple;
	b->tgid = s->r.owner.tgid;
	b->tid = s->r.owner.tid;
	b->ready = at->ready;
	b->first = at->first;
	b->last = at->last;
	b->seq_from = at->seq_from;
	b->seq_to = at->seq_to;
	b->in = at->in;
	b->flags = s->r.flags;
	bpf_ringbuf_submit(b, BPF_RB_NO_WAKEUP);
}

/* Bounds the records of a socket that reads or writes little by little. */
static __always_inline bool burst_crowd(struct burst *b, __u64 now)
{
	if (now > b->span + BURST_SPAN_NS) {
		b->span = now;
		b->in_span = 0;
	}
	return ++b->in_span > BURSTS_IN_SPAN;
}

/* One read or write that ended at `now`, with the stream at seq_to. */
static __always_inline void burst_note(struct sock *sk, struct socket_state *s, bool in, __u64 ready,
				       __u64 first, __u64 now, __u32 seq_to, __u32 bytes)
{
	struct burst *b = burst_make(sk);
	bool goes_on;

	if (!b) {
		count(FAILURE_STORAGE);
		return;
	}
	goes_on = b->last && b->in == in && first < b->last + BURST_GAP_NS &&
		       seq_to - b->seq_from < BURST_MAX && (bytes >= BURST_BULK || burst_crowd(b, now));

	if (goes_on && b->more) {
		b->last = now;
		b->seq_to = seq_to;
		return;
	}
	if (b->more)
		report_burst(s, b, now);
	b->ready = ready;
	b->first = first;
	b->last = now;
	b->seq_from = seq_to - bytes;
	b->seq_to = seq_to;
	b->in = in;
	b->more = goes_on;
	if (!goes_on)
		report_burst(s, b, now);
}
