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

/*
 * The same of at most `room` bytes, a constant. A function of its own: inlined among much else the compiler
 * compares the size, spills it and reads it back, and verifiers up to 6.1 at least forget that it was compared.
 */
static __noinline __attribute__((unused)) long read_user_within(void *to, __u64 size, const void *user, __u64 room)
{
	return size > room ? -1 : read_user(to, size, user);
}
