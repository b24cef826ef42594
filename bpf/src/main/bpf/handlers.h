/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens at each of a socket's five events, whichever kernel hook tells
 * of it (hooks.h): one handler an event, thin wrappers around it.
 */
#pragma once

static __always_inline void on_established(struct sock *sk, int oldstate, __u64 now)
{
	struct socket_state *s = state_new(sk, 0);
	struct tcp_sock *tp;

	if (!s)
		return;
	if (s->r.tuple.role == ROLE_UNKNOWN) /* SYN_SENT before the agent came, or accepted */
		s->r.tuple.role = oldstate == TCP_SYN_RECV ? ROLE_ACCEPT : ROLE_CONNECT;
	read_tuple(&s->r.tuple, sk);
	s->r.opening.established = now;
	tp = tcp_of(sk);
	if (!tp)
		return;
	/* before ESTABLISHED only SYNs can have been sent again */
	s->r.opening.syn_retransmits = READ(tp, total_retrans);
	rebase(s, tp);
	/* told at once: its SYN interval matters while it is still unused */
	if (s->r.tuple.role == ROLE_CONNECT)
		report_connection(sk, s, now, EXCHANGE_OPENED);
}

static __always_inline void on_close(struct sock *sk, int oldstate, __u64 now)
{
	struct socket_state *s = state_of(sk); /* never made here: it would outlive the connection */
	struct burst *b;
	__u32 reset = 0;

	if (!s)
		return;
	if (READ(sk, sk_err) == ECONNRESET || READ(sk, sk_err) == EPIPE)
		reset = EXCHANGE_RESET;
	s->life.last_state = oldstate;
	if (s->r.reads | s->r.sends) {
		/* the flush has told it already, but not that it remained without response */
		s->dirty |= reset || s->phase == PHASE_REQUEST;
		report(sk, tcp_of(sk), s, now, EXCHANGE_CLOSED | reset, 1);
	}
	heads_end(sk, s);
	if (payload_level && s->r.flags & EXCHANGE_MULTIPLEXED)
		http2_frames_end(sk);
	b = has_bursts(s) ? burst_find(sk) : 0;
	if (b && b->more)
		report_burst(s, b, now);
	report_connection(sk, s, now, reset);
	s->tracked = TRACKED_ENDED;
}

/*
 * tcp_set_state(): SYN_SENT runs in the connecting thread, without a local
 * port; ESTABLISHED and CLOSE mostly in softirq; at CLOSE the ports are 0
 * already, so the tuple is kept from ESTABLISHED.
 */
static __always_inline void on_state(struct sock *sk, int oldstate, int newstate)
{
	struct socket_state *s;
	__u64 now;

	if (!is_tcp(sk))
		return;
	now = bpf_ktime_get_ns();
	if (newstate == TCP_SYN_SENT) {
		s = state_new(sk, 0);
		if (s && own(s)) {
			s->r.tuple.role = ROLE_CONNECT;
			s->r.opening.syn = now;
		}
	} else if (newstate == TCP_ESTABLISHED) {
		on_established(sk, oldstate, now);
	} else if (newstate == TCP_CLOSE) {
		on_close(sk, oldstate, now);
		storage_end(sk);
	} else if (newstate == TCP_LISTEN) {
		listener_note(sk);
	} else {
		s = state_of(sk);
		if (s)
			note_closing(s, newstate, now);
	}
}

/*
 * tcp_data_ready() ← tcp_rcv_established(), in softirq, once per segment
 * queued. It fires before accept() too, so an accept queue's wait counts. A
 * bare FIN fires it as well and is no data.
 */
static __always_inline void on_data_ready(struct sock *sk)
{
	struct socket_state *s;
	struct tcp_sock *tp;
	__u32 queued;

	if (!is_tcp(sk) || READ(sk, __sk_common.skc_state) == TCP_LISTEN)
		return;
	s = state_of(sk);
	tp = s ? tcp_of(sk) : 0;
	if (!s || !tp)
		return;
	queued = READ(tp, rcv_nxt) - READ(tp, copied_seq);
	if (READ(sk, __sk_common.skc_state) != TCP_ESTABLISHED && queued <= 1)
		return;
	ready_note(s, bpf_ktime_get_ns(), READ(tp, rcv_nxt), queued);
}

static __always_inline void read_done(struct sock *sk, struct socket_state *s, __u32 bytes,
				      __u64 now, const struct user_piece *into)
{
	struct tcp_sock *tp = tcp_of(sk);
	struct user_bytes buffer = { .length = bytes };
	const __u32 heads = head_bytes_asked(s);
	const char *user;
	__u32 readable;
	bool data;

	if (payload_level && (s->tls.known == TLS_YES ||
			      (s->tls.known == TLS_UNKNOWN && s->r.tuple.role == ROLE_ACCEPT) ||
			      head_wanted(s, 1) || message_wanted(s, 1, heads) || frames_wanted(s, heads))) {
		if (into)
			buffer.at = (__u64)piece_buffer(into, &buffer.length);
		else
			syscall_buffer(&buffer);
	}
	user = (const char *)buffer.at;
	readable = buffer.length;
	data = carries_data(s, 1, user, bytes, readable, now);
	hello_note(s, 1, user, readable, now);
	if (data) {
		if (turn_ends(s, 1))
			report(sk, tp, s, now, 0, 1);
		heads_note(sk, s, 1, user, readable, now);
		own(s);
		message_note(s, 1, user, readable, now, heads);
		if (frames_wanted(s, heads))
			frames_read(sk, s, &buffer, bytes, now);
		else
			frames_missed(s, heads);
		turn_read(s, now, bytes);
		if (tp && has_bursts(s))
			burst_note(sk, s, 1, s->ready_pending, now, now, READ(tp, copied_seq), bytes);
		want_walk();
	}
	/* a record of whose header only a part was read waits on, since the same moment */
	if (tp && (data || !s->tls.in.have))
		ready_consumed(s, READ(tp, copied_seq));
}

/*
 * sock_recvmsg() returns: in the reader's thread. A peek consumes nothing
 * (Envoy's listener filters), yet it ends the wait for accept, as does EAGAIN.
 * `into` is null where the hook does not tell the buffer.
 */
static __always_inline void on_read(struct sock *sk, int ret, int flags,
				    const struct user_piece *into)
{
	struct socket_state *s;
	__u64 now;
	bool data;

	if (!is_tcp(sk))
		return;
	s = state_in_use(sk);
	if (!s || (!s->r.owner.tgid && !own(s)))
		return;
	if (ret == -EAGAIN)
		s->r.would_blocks++;
	data = ret > 0 && !(flags & (MSG_PEEK | MSG_ERRQUEUE));
	if (!data && s->r.opening.first_use) /* many read until there is nothing: that costs little */
		return;
	now = bpf_ktime_get_ns();
	if (!s->r.opening.first_use)
		note_first_use(s, sk, now);
	if (data)
		read_done(sk, s, ret, now, into);
}

/* Finds the user's bytes of the send that begins; those of its first piece. */
static __always_inline void note_send_buffer(struct socket_state *s, const struct msghdr *message, __u32 heads)
{
	struct user_piece first = {};

	s->send_buffer = 0;
	s->send_readable = 0;
	if (!payload_level || (s->tls.known == TLS_NO && !head_wanted(s, 0) && !message_wanted(s, 0, heads) &&
			       !frames_wanted(s, heads)))
		return;
	if (!message || !iov_first(&message->msg_iter, &first))
		return;
	s->send_buffer = first.at;
	s->send_readable = first.length;
}

/*
 * tcp_sendmsg_locked() begins: the peer may have the data before the call
 * returns, so this is "sent". Later pieces of one call may fire it again.
 * `message` is null where the bytes are not in user memory.
 */
static __always_inline void on_send_begins(struct sock *sk, const struct msghdr *message)
{
	struct socket_state *s = state_in_use(sk);
	__u32 heads;

	if (!s || s->send_entry || (!s->r.owner.tgid && !own(s)))
		return;
	s->send_entry = bpf_ktime_get_ns();
	s->send_opened = 0;
	if (!s->r.opening.first_use)
		note_first_use(s, sk, s->send_entry);
	heads = head_bytes_asked(s);
	note_send_buffer(s, message, heads);
	if (!send_will_carry_data(s))
		return;
	if (turn_ends(s, 0))
		report(sk, tcp_of(sk), s, s->send_entry, 0, 1);
	own(s);
	message_note(s, 0, (const char *)s->send_buffer, s->send_readable, s->send_entry,
		     heads);
	if (frames_wanted(s, heads))
		frames_sending(sk, message);
	else
		frames_missed(s, heads);
	turn_send_begins(s, s->send_entry);
}

/* The bytes of a send that was not counted to its turn at entry, or was and that turn is open. */
static __always_inline void write_done(struct sock *sk, struct socket_state *s, __u64 entry,
				       __u64 now, __u32 bytes)
{
	if (!s->send_opened && turn_ends(s, 0))
		report(sk, tcp_of(sk), s, entry ? entry : now, 0, 1);
	if (s->send_opened && s->send_turn != s->turns)
		return; /* overtaken by the next request */
	if (!s->send_opened)
		own(s);
	turn_written(s, entry, now, bytes);
}

static __always_inline void burst_written(struct sock *sk, struct socket_state *s, __u64 entry,
					  __u64 now, __u32 bytes)
{
	struct tcp_sock *tp = has_bursts(s) ? tcp_of(sk) : 0;

	if (tp)
		burst_note(sk, s, 0, 0, entry ? entry : now, now, READ(tp, write_seq), bytes);
}

/* How much of the first piece of a send was taken. */
static __always_inline __u32 head_sent(const struct socket_state *s, __u32 sent)
{
	return s->send_readable < sent ? s->send_readable : sent;
}

/* sock_sendmsg() returns: in the writer's thread. */
static __always_inline void on_written(struct sock *sk, int ret)
{
	struct socket_state *s;
	__u64 now, entry;
	__u32 heads;
	bool data;

	if (!is_tcp(sk))
		return;
	s = state_of(sk);
	if (!s)
		return;
	entry = s->send_entry;
	s->send_entry = 0;
	if (ret == -EAGAIN)
		s->r.would_blocks++;
	if (ret <= 0)
		return;
	now = bpf_ktime_get_ns();
	data = carries_data(s, 0, (const char *)s->send_buffer, ret, s->send_readable, now);
	hello_note(s, 0, (const char *)s->send_buffer, head_sent(s, ret), now);
	if (data) {
		heads_note(sk, s, 0, (const char *)s->send_buffer, head_sent(s, ret), now);
		heads = head_bytes_asked(s);
		if (frames_wanted(s, heads))
			frames_sent(sk, s, ret, entry ? entry : now);
		else
			frames_missed(s, heads);
		write_done(sk, s, entry, now, ret);
		burst_written(sk, s, entry, now, ret);
		want_walk();
	}
	s->send_opened = 0;
}
