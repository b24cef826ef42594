// SPDX-License-Identifier: GPL-2.0
/*
 * Loaded once at start and let go again: does this kernel let programs walk the map of sockets'
 * states? Some refuse programs that are handed a map's values, and walk files all the same.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("iter/bpf_sk_storage_map")
int walk_states(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	return 0;
}
