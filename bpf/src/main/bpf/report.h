/* SPDX-License-Identifier: GPL-2.0 */
/* Turns and connections into the ring. */
#pragma once

/* Puts the turn into the ring; with `end`, the next one begins. */
static __always_inline void report(struct sock *sk, struct tcp_sock *tp, struct socket_state *s, __u64 now,
				   __u32 flags, bool end)
{
	struct tcp_counters counters;
	struct exchange_record *r;
	__u32 turn = s->turns;
	bool dirty;

	if (!tp) {
		count(FAILURE_NO_TCP_SOCK);
		return;
	}
	if (!s->life.first_byte)
		s->life.first_byte = s->r.ready_first;
	heads_report(sk, s, now);
	if (end) { /* the next turn has what comes after the counters */
		read_counters(&counters, tp);
		dirty = s->dirty;
		barrier();
		dirty |= s->telling; /* the flush will leave it out: it is over */
		s->dirty = 0;
	} else { /* what a write or a retransmit changes from here on is told by the next flush */
		s->telling = 1;
		barrier();
		dirty = s->dirty;
		s->dirty = 0;
		full_barrier(&records);
		read_counters(&counters, tp);
	}
	if (dirty) {
		r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
		if (r) {
			__builtin_memcpy(&r->turn, &s->r, sizeof(r->turn));
			r->turn.header.emitted = now;
			r->turn.header.turn = turn;
			r->turn.flags |= flags;
			end_account(&r->turn, &counters, tp);
			read_gauges(&r->tcp, tp);
			barrier();
			/* the flush met the turn's end: half of it is the next one's */
			if (turn != s->turns)
				bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
			else
				bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
		} else {
			count(FAILURE_RING_FULL);
		}
	}
	if (end) {
		s->turns++;
		turn_reset(s);
		begin_account(&s->r, &counters);
	} else {
		s->telling = 0;
	}
}

static __always_inline void report_connection(struct sock *sk, struct socket_state *s, __u64 now,
					      __u32 flags)
{
	struct connection_record *c = bpf_ringbuf_reserve(&records, sizeof(*c), 0);
	struct tcp_sock *tp = tcp_of(sk);

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
	c->error = READ(sk, sk_err);
	c->flags = s->r.flags | flags;
	read_life(&c->life, &s->life, tp);
	c->life.unread = tp && !(flags & EXCHANGE_OPENED) ? thrown_away(s, sk, tp) : 0;
	bpf_ringbuf_submit(c, BPF_RB_NO_WAKEUP);
}
