/* SPDX-License-Identifier: GPL-2.0 */
/* The maps of plaintext.bpf.c, there only while a task asks for it. */
#pragma once
#include "counters.h"
#include "sockets.h"

/* The agent writes: namespaces whose processes are looked at, and how many bytes of a message. 64 tasks. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} plaintext_netns SEC(".maps");

/* plaintext.bpf.c writes, the agent's one thread reads every 10 ms. 8 MiB, as long as a task reads: 3,800 messages between two polls. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} plaintexts SEC(".maps");

/* What a socket is to the agent: copied while it is at hand, told later. */
struct plain_socket {
	struct socket_tuple tuple;
	__u64 id;
	__u32 turn;
	__u32 pad;
};

/* A call of SSL_read, SSL_write or SSL_do_handshake that a thread is in, or of crypto/tls that a goroutine is in. */
struct ssl_call {
	__u64 ssl;
	__u64 buffer;
	__u64 size_at; /* user address of the size_t that SSL_read_ex and SSL_write_ex fill; 0: the result is the size */
	__u64 began;
	__u32 netns;
	__u32 head_bytes;
	__u32 way; /* enum ssl_way */
	__u32 is_go;
	__u32 on_stack; /* of the goroutine, which moves: `buffer` is how far below its upper end */
	__u32 pad;
};

struct ssl_key {
	__u64 ssl;
	__u32 tgid;
	__u32 pad;
};

/* By thread. It goes with the call's return; of a thread that was killed inside, when newer ones need the room. 0.9 MB. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, struct ssl_call);
} ssl_calls SEC(".maps");

/* The socket of an SSL. The longest unused goes for a new one: it is learnt again by the next read. 2.4 MB. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct ssl_key);
	__type(value, struct plain_socket);
} ssl_sockets SEC(".maps");

/* The TLS socket that a thread has read outside of any SSL call, until an SSL call takes its bytes. 0.6 MB. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct plain_socket);
} sockets_read SEC(".maps");

/* Goroutines move between threads; their descriptors stay where they are. */
struct go_key {
	__u64 goroutine; /* user address of its g */
	__u32 tgid;
	__u32 way; /* enum ssl_way: reads and writes have a handshake inside them */
};

/*
 * By goroutine. It goes with the call's return; where a panic ends the call, when newer ones need the room.
 * An idle connection waits in a read: 32 k of them, 4 MB.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct go_key);
	__type(value, struct ssl_call);
} go_calls SEC(".maps");

/* The first byte of a head that was read apart, until the next read of that connection takes it. 0.2 MB. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, struct ssl_key);
	__type(value, __u32);
} go_first_bytes SEC(".maps");

COUNTERS(plaintext_counts, PLAINTEXT_COUNTS)
