// SPDX-License-Identifier: GPL-2.0
/*
 * When a turn is told, under test_run: a segment is sent again while the report is under way, as
 * segment_sent_again() of loss.bpf.c has it on another CPU. TCP's counters are the test's own.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "access.h"
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"
#include "maps.h"
#include "life.h"

char LICENSE[] SEC("license") = "GPL";

/* the layout that ReportTest.java fills in */
struct told {
	__u32 again_meanwhile; /* segments sent again right behind the look at the counters */
	__u32 end;
};

struct socket_state socket_told;
__u32 sent_again, meanwhile;

static __always_inline void heads_report(struct sock *sk, struct socket_state *s, __u64 now)
{
}

static __always_inline void read_counters(struct tcp_counters *c, struct tcp_sock *tp)
{
	__builtin_memset(c, 0, sizeof(*c));
	c->retransmits = sent_again;
	if (meanwhile) {
		sent_again += meanwhile;
		socket_told.dirty = 1;
	}
}

static __always_inline void begin_account(struct exchange_turn *r, const struct tcp_counters *now)
{
	r->retransmits = now->retransmits;
}

static __always_inline void end_account(struct exchange_turn *r, const struct tcp_counters *now,
					struct tcp_sock *tp)
{
	r->retransmits = now->retransmits - r->retransmits;
}

static __always_inline void read_gauges(struct tcp_gauges *g, struct tcp_sock *tp)
{
}

#include "report.h"

SEC("syscall")
int written(struct told *t)
{
	turn_written(&socket_told, 1, 2, 100);
	return 0;
}

/* The flush as it is after its first look, on another CPU. */
SEC("syscall")
int flush_begins(struct told *t)
{
	socket_told.telling = 1;
	socket_told.dirty = 0;
	return 0;
}

SEC("syscall")
int tell(struct told *t)
{
	struct tcp_sock *tp = (struct tcp_sock *)&socket_told; /* any that is there */

	meanwhile = t->again_meanwhile;
	if (t->end)
		report(0, tp, &socket_told, 3, 0, 1);
	else
		report(0, tp, &socket_told, 3, EXCHANGE_FLUSHED, 0);
	return 0;
}
