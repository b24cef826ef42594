/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The maps of loss.bpf.c. The agent hands it exchange.bpf.c's `watched_netns`, `walk_wanted` and `sockets` before
 * the load: the first one's definition here must be that of maps.h.
 */
#pragma once
#include "counters.h"
#include "sockets.h"
#include "walk.h"

/* set by the agent before load: only packets and sockets of watched_netns are told */
const volatile __u32 only_watched_netns = 0;
/* set by the agent before load: how many arguments kfree_skb has here: 2, 3 (5.17) or 4 (6.11) */
const volatile __u32 kfree_skb_arguments = 2;

/* The agent writes, loss.bpf.c reads. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} watched_netns SEC(".maps");

/*
 * loss.bpf.c writes, the agent's one thread reads. 256 KiB: 2,000 events between two polls, of
 * 10 ms, or 100 where nothing came. Apart from `records`, so that a storm of losses displaces no exchange.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 << 10);
} losses SEC(".maps");

/* packet_freed counts, the agent takes the entries out each half second. About 1 MB if full. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 8192);
	__type(key, struct drop_key);
	__type(value, struct drop_count);
} drops SEC(".maps");

/* What the listener had dropped when last looked at. Freed with the socket. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} listening SEC(".maps");

COUNTERS(loss_failures, LOSS_FAILURES)

static __always_inline bool netns_watched(__u32 netns)
{
	return !only_watched_netns || bpf_map_lookup_elem(&watched_netns, &netns);
}
