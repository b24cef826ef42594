// SPDX-License-Identifier: GPL-2.0
/* The turn machine under test_run: one event of a socket a run; the socket stays between runs. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"

char LICENSE[] SEC("license") = "GPL";

enum event { EVENT_CONNECT, EVENT_ACCEPT, EVENT_READY, EVENT_READ, EVENT_SEND, EVENT_WRITTEN };

/* the layout that TurnMachine.java fills in and reads */
struct step {
	__u64 now;
	__u32 event;
	__u32 bytes;
	__u32 seq; /* READY: bytes that came in so far; READ: bytes that were read so far */
	__u32 ended; /* result: the latest read or send ended the turn before it */
	__u64 ready_first, ready_last, read_first, read_last, send_first, send_last;
	__u64 bytes_in, bytes_out;
	__u32 turn;
	__u32 ready_events, receive_queue_max, pad;
};

struct socket_state socket_at_hand;
__u32 copied;

static __always_inline void open_turn(struct socket_state *s, struct step *t, bool in)
{
	t->ended = turn_ends(s, in);
	if (!t->ended)
		return;
	s->turns++;
	turn_reset(s);
}

static __always_inline void show(const struct socket_state *s, struct step *t)
{
	t->ready_first = s->r.ready_first;
	t->ready_last = s->r.ready_last;
	t->read_first = s->r.read_first;
	t->read_last = s->r.read_last;
	t->send_first = s->r.send_first;
	t->send_last = s->r.send_last;
	t->bytes_in = s->r.bytes_in;
	t->bytes_out = s->r.bytes_out;
	t->turn = s->turns;
	t->ready_events = s->r.ready_events;
	t->receive_queue_max = s->r.receive_queue_max;
}

SEC("syscall")
int step(struct step *t)
{
	struct socket_state *s = &socket_at_hand;

	switch (t->event) {
	case EVENT_CONNECT:
	case EVENT_ACCEPT:
		__builtin_memset(s, 0, sizeof(*s));
		s->r.tuple.role = t->event == EVENT_CONNECT ? ROLE_CONNECT : ROLE_ACCEPT;
		copied = 0;
		break;
	case EVENT_READY:
		ready_note(s, t->now, t->seq, t->seq - copied);
		break;
	case EVENT_READ:
		open_turn(s, t, 1);
		turn_read(s, t->now, t->bytes);
		copied = t->seq;
		ready_consumed(s, copied);
		break;
	case EVENT_SEND:
		open_turn(s, t, 0);
		turn_send_begins(s, t->now);
		break;
	case EVENT_WRITTEN:
		turn_written(s, 0, t->now, t->bytes);
		break;
	}
	show(s, t);
	return 0;
}
