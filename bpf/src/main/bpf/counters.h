/* SPDX-License-Identifier: GPL-2.0 */
/* What an object counts, by place: probes count, the agent reads. */
#pragma once

/* A map `name` of `slots` counters for each CPU, and count(slot). One an object. */
#define COUNTERS(name, slots)                                                     \
	struct {                                                                  \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                          \
		__uint(max_entries, slots);                                       \
		__type(key, __u32);                                               \
		__type(value, __u64);                                             \
	} name SEC(".maps");                                                      \
                                                                                  \
	static __always_inline void count(__u32 what)                             \
	{                                                                         \
		__u64 *slot = bpf_map_lookup_elem(&name, &what);                  \
                                                                                  \
		if (slot)                                                         \
			(*slot)++;                                                \
	}
