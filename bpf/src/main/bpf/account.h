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

/* Remembers TCP's counters at the start of a turn. */
static __always_inline void rebase(struct socket_state *s, struct tcp_sock *tp)
{
	__u32 jiffies = bpf_jiffies64();

	s->base_retransmits = READ(tp, total_retrans);
	s->base_lost = READ(tp, lost);
	s->base_out_of_order = READ(tp, rcv_ooopack);
	s->base_dsacks = READ(tp, dsack_dups);
	s->base_busy = chrono(tp, 0, jiffies);
	s->base_rwnd = chrono(tp, 1, jiffies);
	s->base_sndbuf = chrono(tp, 2, jiffies);
	s->base_segments_in = READ(tp, segs_in);
	s->base_segments_out = READ(tp, segs_out);
}

static __always_inline void read_tcp(struct exchange_record *r, struct socket_state *s,
				     struct tcp_sock *tp)
{
	__u32 jiffies = bpf_jiffies64();
	__u32 rtt = READ(tp, rtt_min.s[0].v);

	r->min_rtt_us = rtt == ~0U ? 0 : rtt; /* all ones: not measured yet */
	r->srtt_us = READ(tp, srtt_us) >> 3;
	r->last_rtt_us = READ(tp, rack.rtt_us);
	r->retransmits = READ(tp, total_retrans) - s->base_retransmits;
	r->lost = READ(tp, lost) - s->base_lost;
	r->out_of_order = READ(tp, rcv_ooopack) - s->base_out_of_order;
	r->dsacks = READ(tp, dsack_dups) - s->base_dsacks;
	r->busy_jiffies = chrono(tp, 0, jiffies) - s->base_busy;
	r->rwnd_limited_jiffies = chrono(tp, 1, jiffies) - s->base_rwnd;
	r->sndbuf_limited_jiffies = chrono(tp, 2, jiffies) - s->base_sndbuf;
	r->congestion_window = READ(tp, snd_cwnd);
	r->segments_in = READ(tp, segs_in) - s->base_segments_in;
	r->segments_out = READ(tp, segs_out) - s->base_segments_out;
}
