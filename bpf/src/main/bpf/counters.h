/* SPDX-License-Identifier: GPL-2.0 */
/* What an object counts, by place, and of what has one by errno: probes count, the agent reads. */
#pragma once

#define PLACE_SHIFT 16 /* a key of NAME_errnos: place above, errno below */

/*
 * A map `name` of `slots` counters for each CPU, and count(slot). One an object. NAME_errnos has those of them
 * that came with an errno, by place and errno, filled by count_errno(): 64 pairs, more than there are causes.
 */
#define COUNTERS(name, slots)                                                     \
	struct {                                                                  \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                          \
		__uint(max_entries, slots);                                       \
		__type(key, __u32);                                               \
		__type(value, __u64);                                             \
	} name SEC(".maps");                                                      \
                                                                                  \
	struct {                                                                  \
		__uint(type, BPF_MAP_TYPE_PERCPU_HASH);                           \
		__uint(max_entries, 64);                                          \
		__type(key, __u32);                                               \
		__type(value, __u64);                                             \
	} name##_errnos SEC(".maps");                                             \
                                                                                  \
	static __always_inline void count(__u32 what)                             \
	{                                                                         \
		__u64 *slot = bpf_map_lookup_elem(&name, &what);                  \
                                                                                  \
		if (slot)                                                         \
			(*slot)++;                                                \
	}                                                                         \
                                                                                  \
	/* Beside count(): with which errno, as helpers return it, negative. */   \
	static __noinline __attribute__((unused)) int count_errno(__u32 what, long error) \
	{                                                                         \
		__u32 key = what << PLACE_SHIFT | (__u32)(-error & 0xffff);       \
		__u64 none = 0, *n;                                               \
                                                                                  \
		n = bpf_map_lookup_elem(&name##_errnos, &key);                    \
		if (!n) {                                                         \
			bpf_map_update_elem(&name##_errnos, &key, &none, BPF_NOEXIST); \
			n = bpf_map_lookup_elem(&name##_errnos, &key);            \
		}                                                                 \
		if (n)                                                            \
			(*n)++;                                                   \
		return 0;                                                         \
	}
