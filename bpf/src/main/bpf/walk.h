/* SPDX-License-Identifier: GPL-2.0 */
/* When the flush has to walk over the sockets. */
#pragma once

/*
 * Not 0: a turn or burst changed since the latest walk began, or that walk left it to rest on. Probes and
 * flush_idle_turns set it, the agent clears it and walks: where nothing happens nobody walks.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} walk_wanted SEC(".maps");

/* Looked at first: written by each CPU at each event it would be nobody's in its cache. */
static __always_inline void want_walk(void)
{
	__u32 zero = 0, *wanted = bpf_map_lookup_elem(&walk_wanted, &zero);

	if (wanted && !*wanted)
		*wanted = 1;
}
