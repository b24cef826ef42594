/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every watched socket's state. exchange.bpf.c's probes write, loss.bpf.c marks what is to be told
 * again, plaintext.bpf.c reads: the agent hands them the same map before their load.
 */
#pragma once

/* The kernel frees an entry with its socket: 512 bytes, and 192 for the list of a socket's entries. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct socket_state);
} sockets SEC(".maps");
