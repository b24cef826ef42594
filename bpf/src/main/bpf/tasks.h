/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where agent.payload is `protocol`, a profiling task may have the heads of its pod read while it runs. Nothing is
 * pinned: when the agent ends, however it does, these maps and the probes end with it.
 */
#pragma once
#include "payload.h"

/* set by the agent before load: bytes of a request where payload_level is heads, at most MESSAGE_LONG_BYTES */
const volatile __u32 message_bytes = MESSAGE_BYTES;

/* The agent writes, probes read: netns inode → bytes of a request, 1 to MESSAGE_LONG_BYTES. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} task_heads SEC(".maps");

/* The agent writes, probes read: entries of task_heads. Looked at first: mostly there are none, and this is a load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} tasks_with_heads SEC(".maps");

/* How much of a request's head may be looked at, of this socket and now; 0: no heads. */
static __always_inline __u32 head_bytes_asked(const struct socket_state *s)
{
	__u32 zero = 0, netns = s->r.header.netns, *tasks, *bytes;

	if (payload_level == PAYLOAD_OFF)
		return 0;
	if (payload_level >= PAYLOAD_HEADS)
		return message_bytes;
	tasks = bpf_map_lookup_elem(&tasks_with_heads, &zero);
	if (!tasks || !*tasks)
		return 0;
	bytes = bpf_map_lookup_elem(&task_heads, &netns);
	return bytes ? *bytes : 0;
}
