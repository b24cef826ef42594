/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What of the apps' payload the probes may look at. All user memory is read here and nowhere
 * else: set to off, the verifier takes the call out of every program (the constant is known to it).
 */
#pragma once

enum payload_level { PAYLOAD_OFF = 0, PAYLOAD_PROTOCOL = 1, PAYLOAD_HEADS = 2 }; /* as io.hoptoll.agent.Payload */

/* set by the agent before load */
const volatile __u32 payload_level = PAYLOAD_PROTOCOL;

/* 0, or a negative error; as the helper. */
static __always_inline long read_user(void *to, __u64 size, const void *user)
{
	return payload_level ? bpf_probe_read_user(to, size, user) : -1;
}
