// SPDX-License-Identifier: GPL-2.0
/* Fills the ring with exchanges, as fast as a kernel can: run by test_run, `records` is the probes' own ring's like. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "hoptoll.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} records SEC(".maps");

#define ROUNDS 4096

/* what OverheadRing.java fills in and reads */
struct order {
	__u64 produced;
	__u64 refused; /* the ring was full */
};

/* A callback, so that the verifier looks at it once and not once a round. */
static long fill(__u32 i, void *full)
{
	struct exchange_record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);

	if (!r) {
		(*(__u64 *)full)++;
		return 0;
	}
	__builtin_memset(r, 0, sizeof(*r));
	r->turn.header.kind = RECORD_EXCHANGE;
	r->turn.header.schema = HOPTOLL_SCHEMA;
	r->turn.header.size = sizeof(*r);
	r->turn.header.emitted = bpf_ktime_get_ns();
	r->turn.header.socket_id = i;
	r->turn.tuple.family = AF_INET;
	r->turn.tuple.role = ROLE_ACCEPT;
	r->turn.tuple.local_port = 8080;
	r->turn.tuple.remote_port = i;
	r->turn.owner.comm[0] = 'h';
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("syscall")
int produce(struct order *o)
{
	__u64 full = 0;

	bpf_loop(ROUNDS, fill, &full, 0);
	o->produced += ROUNDS - full;
	o->refused += full;
	return 0;
}
