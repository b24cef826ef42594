/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection's life outside its exchanges: first use, first byte, the FINs
 * of both sides. Once a connection each, so none of it is on an exchange's path.
 */
#pragma once

/* The first socket operation: the wait in the accept queue ends; a file holds the socket now. */
static __always_inline void note_first_use(struct socket_state *s, struct sock *sk, __u64 now)
{
	s->r.opening.first_use = now;
	s->life.inode = BPF_CORE_READ(sk, sk_socket, file, f_inode, i_ino);
}

static __always_inline void note_once(__u64 *time, __u64 now)
{
	if (!*time)
		*time = now;
}

/*
 * tcp_set_state(): FIN_WAIT1 ← tcp_close_state() as the FIN is queued, FIN_WAIT2 when it is
 * acknowledged, CLOSE_WAIT and CLOSING ← tcp_fin() when the peer's comes. A FIN
 * that arrives in FIN_WAIT2 leads to CLOSE at once (a time-wait socket takes
 * over), as does close() there: fin_received stays 0. close() after shutdown()
 * sets the same state again.
 */
static __always_inline void note_closing(struct socket_state *s, int newstate, __u64 now)
{
	switch (newstate) {
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		note_once(&s->life.fin_sent, now);
		break;
	case TCP_FIN_WAIT2:
		note_once(&s->life.fin_acked, now);
		break;
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
		note_once(&s->life.fin_received, now);
		break;
	}
}

/*
 * __tcp_close() empties the receive queue before it sets CLOSE, and leaves
 * copied_seq where the app stopped reading. A FIN that was not read is no data.
 */
static __always_inline __u32 thrown_away(const struct socket_state *s, struct sock *sk,
					 const struct tcp_sock *tp)
{
	__s32 unread = READ(tp, rcv_nxt) - READ(tp, copied_seq);

	if (s->life.fin_received)
		unread--;
	return READ(sk, sk_receive_queue.qlen) || unread < 0 ? 0 : unread;
}

/* The connection so far, all but `unread`; without the account where there is no socket of TCP. */
static __always_inline void read_life(struct connection_life *life, const struct kept_life *kept,
				      struct tcp_sock *tp)
{
	__u32 rtt;

	__builtin_memset(life, 0, sizeof(*life));
	life->first_byte = kept->first_byte;
	life->fin_sent = kept->fin_sent;
	life->fin_acked = kept->fin_acked;
	life->fin_received = kept->fin_received;
	life->inode = kept->inode;
	life->last_state = kept->last_state;
	if (!tp)
		return;
	rtt = READ(tp, rtt_min.s[0].v);
	life->min_rtt_us = rtt == ~0U ? 0 : rtt; /* all ones: not measured yet */
	life->last_rtt_us = READ(tp, rack.rtt_us);
	life->srtt_us = READ(tp, srtt_us) >> 3;
	life->retransmits = READ(tp, total_retrans);
	life->bytes_received = READ(tp, bytes_received);
	life->bytes_acked = READ(tp, bytes_acked);
}
