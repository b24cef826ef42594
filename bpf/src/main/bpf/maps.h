/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the probes and the agent share besides the records: constants set
 * before the load, the maps, the counters of failures.
 */
#pragma once
#include "counters.h"
#include "walk.h"

/* set by the agent before load: its own sockets are not watched */
const volatile __u32 self_tgid = 0;
/* set by the agent before load: only sockets of watched_netns are watched */
const volatile __u32 only_watched_netns = 0;
/* a turn is reported by the flush when its last byte is older than this */
const volatile __u64 flush_after_ns = 200000000;

/*
 * Probes write, the agent's one thread reads every 10 ms. 8 MiB: 25,000 turns, or 2 s of 200
 * requests/s over 4 hops: an agent that has no CPU for so long still loses nothing.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} records SEC(".maps");

COUNTERS(failures, FAILURES)

struct listener {
	__u32 netns;
	__u16 port;
	__u16 pad;
};

/*
 * list_listeners writes those that are there at start, on_state those that come; state_adopted
 * reads. Those looked for longest ago are forgotten when it is full. One that is closed stays:
 * others may listen on its port (SO_REUSEPORT).
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct listener);
	__type(value, __u32);
} listeners SEC(".maps");

/* The agent writes before it attaches, probes read: netns inodes. Looked at if only_watched_netns. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} watched_netns SEC(".maps");

/* flush_idle_turns writes, the agent reads: watched entries of `sockets`, at the latest walk. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} sockets_watched SEC(".maps");

__u32 sockets_walked; /* so far in the walk at hand */
