// SPDX-License-Identifier: GPL-2.0
/* An LRU map under test_run, filled by every CPU in turn. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ROOM 256

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ROOM);
	__type(key, __u32);
	__type(value, __u32);
} recent SEC(".maps");

SEC("raw_tp/sys_enter")
int put(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 key = ctx->args[0];

	return bpf_map_update_elem(&recent, &key, &key, BPF_NOEXIST);
}
