// SPDX-License-Identifier: GPL-2.0
/* A map too full under test_run: the kernel's own errno, counted by place. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "counters.h"

char LICENSE[] SEC("license") = "GPL";

enum place { PLACE_OTHER, PLACE_ROOM, PLACES };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} room SEC(".maps");

COUNTERS(places, PLACES)

SEC("syscall")
int put(__u32 *number)
{
	__u32 key = *number;
	long error = bpf_map_update_elem(&room, &key, &key, BPF_NOEXIST);

	if (!error)
		return 0;
	count(PLACE_ROOM);
	count_errno(PLACE_ROOM, error);
	return 0;
}
