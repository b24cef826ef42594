/* SPDX-License-Identifier: GPL-2.0 */
/* TCP's own account of a turn: deltas of struct tcp_sock's counters, gauges at its end. */
#pragma once

static __always_inline __u32 chrono(struct tcp_sock *tp, int i, __u32 jiffies)
{
	__u32 spent = READ(tp, chrono_stat[i]);

	if (READ_BITS(tp, chrono_type) == i + 1)
		spent += jiffies - READ(tp, chrono_start);
	return spent;
}

static __always_inline void read_counters(struct tcp_counters *c, struct tcp_sock *tp)
{
	__u32 jiffies = bpf_jiffies64();

	c->retransmits = READ(tp, total_retrans);
	c->lost = READ(tp, lost);
	c->out_of_order = READ(tp, rcv_ooopack);
	c->dsacks = READ(tp, dsack_dups);
	c->busy = chrono(tp, 0, jiffies);
	c->rwnd = chrono(tp, 1, jiffies);
	c->sndbuf = chrono(tp, 2, jiffies);
	c->segments_in = READ(tp, segs_in);
	c->segments_out = READ(tp, segs_out);
}

/* A turn begins. */
static __always_inline void begin_account(struct exchange_turn *r, const struct tcp_counters *now)
{
	r->retransmits = now->retransmits;
	r->lost = now->lost;
	r->out_of_order = now->out_of_order;
	r->dsacks = now->dsacks;
	r->busy_jiffies = now->busy;
	r->rwnd_limited_jiffies = now->rwnd;
	r->sndbuf_limited_jiffies = now->sndbuf;
	r->segments_in = now->segments_in;
	r->segments_out = now->segments_out;
}

static __always_inline void rebase(struct socket_state *s, struct tcp_sock *tp)
{
	struct tcp_counters now;

	read_counters(&now, tp);
	begin_account(&s->r, &now);
}

/* Bytes per second, as tcp_compute_delivery_rate(). */
static __always_inline __u64 delivery_rate(struct tcp_sock *tp)
{
	__u64 delivered = READ(tp, rate_delivered);
	__u32 interval_us = READ(tp, rate_interval_us);

	return interval_us ? delivered * READ(tp, mss_cache) * 1000000 / interval_us : 0;
}

static __always_inline void read_gauges(struct tcp_gauges *g, struct tcp_sock *tp)
{
	__u32 rtt = READ(tp, rtt_min.s[0].v);

	g->min_rtt_us = rtt == ~0U ? 0 : rtt; /* all ones: not measured yet */
	g->srtt_us = READ(tp, srtt_us) >> 3;
	g->last_rtt_us = READ(tp, rack.rtt_us);
	g->congestion_window = READ(tp, snd_cwnd);
	g->send_window = READ(tp, snd_wnd);
	g->receive_window = READ(tp, rcv_wnd);
	g->delivery_rate = delivery_rate(tp);
}

/* The turn's account: `now` less what the counters were as it began, which the turn says so far. */
static __always_inline void end_account(struct exchange_turn *r, const struct tcp_counters *now,
					struct tcp_sock *tp)
{
	r->retransmits = now->retransmits - r->retransmits;
	r->lost = now->lost - r->lost;
	r->out_of_order = now->out_of_order - r->out_of_order;
	r->dsacks = now->dsacks - r->dsacks;
	r->busy_jiffies = now->busy - r->busy_jiffies;
	r->rwnd_limited_jiffies = now->rwnd - r->rwnd_limited_jiffies;
	r->sndbuf_limited_jiffies = now->sndbuf - r->sndbuf_limited_jiffies;
	r->segments_in = now->segments_in - r->segments_in;
	r->segments_out = now->segments_out - r->segments_out;
	if (READ_BITS(tp, nonagle) & TCP_NAGLE_OFF)
		r->flags |= EXCHANGE_NODELAY;
}
