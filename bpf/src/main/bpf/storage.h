/* SPDX-License-Identifier: GPL-2.0 */
/* Where a socket's state is kept: at the socket itself, which the kernel frees it with; or by its address. */
#pragma once

#ifndef HOPTOLL_PROBED

#include "sockets.h"

/* Probes write, and take an entry out once it was told. 192 bytes a socket meanwhile. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct head_bytes);
} heads SEC(".maps");

/* Probes write, of TLS and HTTP/2; the kernel frees an entry with its socket. 128 bytes. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct burst);
} bursts SEC(".maps");

/* Probes write, of HTTP/2 in clear at level heads; the kernel frees an entry with its socket. 128 bytes: 56, and 72 of its. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct http2_frames);
} http2_frames SEC(".maps");

static __always_inline struct socket_state *storage_find(struct sock *sk)
{
	return bpf_sk_storage_get(&sockets, sk, 0, 0);
}

static __always_inline struct socket_state *storage_make(struct sock *sk)
{
	return bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
}

static __always_inline void storage_end(struct sock *sk)
{
}

static __always_inline struct head_bytes *head_bytes_find(struct sock *sk)
{
	return bpf_sk_storage_get(&heads, sk, 0, 0);
}

static __always_inline struct head_bytes *head_bytes_make(struct sock *sk)
{
	return bpf_sk_storage_get(&heads, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
}

static __always_inline void head_bytes_end(struct sock *sk)
{
	bpf_sk_storage_delete(&heads, sk);
}

static __always_inline struct burst *burst_find(struct sock *sk)
{
	return bpf_sk_storage_get(&bursts, sk, 0, 0);
}

static __always_inline struct burst *burst_make(struct sock *sk)
{
	return bpf_sk_storage_get(&bursts, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
}

static __always_inline struct http2_frames *http2_frames_make(struct sock *sk)
{
	return bpf_sk_storage_get(&http2_frames, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
}

/* The socket may connect again. */
static __always_inline void http2_frames_end(struct sock *sk)
{
	bpf_sk_storage_delete(&http2_frames, sk);
}

static __always_inline __u64 socket_id(struct sock *sk)
{
	return bpf_get_socket_cookie(sk);
}

#else

/*
 * By the socket's address; probes write, and take an entry out as its socket
 * closes. 16384 sockets, 15 MB with the maps below, held from the start at each level of payload (programs
 * that probe may not allocate); one too many is not watched and counted (FAILURE_STORAGE).
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct socket_state);
} sockets SEC(".maps");

/* By the socket's address, too; taken out once it was told. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct head_bytes);
} heads SEC(".maps");

/* By the socket's address, of TLS and HTTP/2. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct burst);
} bursts SEC(".maps");

/* By the socket's address, of HTTP/2 in clear at level heads: 2 MB of the 15. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct http2_frames);
} http2_frames SEC(".maps");

/* All zero: what a new entry starts from; it is too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct socket_state);
} no_state SEC(".maps");

static __always_inline struct socket_state *storage_find(struct sock *sk)
{
	__u64 key = (__u64)sk;

	return bpf_map_lookup_elem(&sockets, &key);
}

/* The socket's entry, made of zeros on first sight. */
static __always_inline void *entry_make(void *map, struct sock *sk)
{
	void *entry;
	__u64 key = (__u64)sk;
	__u32 zero = 0;
	long error;

	entry = bpf_map_lookup_elem(map, &key);
	if (entry)
		return entry;
	entry = bpf_map_lookup_elem(&no_state, &zero);
	if (!entry)
		return 0;
	error = bpf_map_update_elem(map, &key, entry, BPF_NOEXIST);
	entry = bpf_map_lookup_elem(map, &key);
	if (!entry && error) /* whoever asked counts it */
		count_errno(FAILURE_STORAGE, error);
	return entry;
}

static __always_inline struct socket_state *storage_make(struct sock *sk)
{
	return entry_make(&sockets, sk);
}

static __always_inline struct head_bytes *head_bytes_find(struct sock *sk)
{
	__u64 key = (__u64)sk;

	return bpf_map_lookup_elem(&heads, &key);
}

static __always_inline struct head_bytes *head_bytes_make(struct sock *sk)
{
	return entry_make(&heads, sk);
}

static __always_inline void head_bytes_end(struct sock *sk)
{
	__u64 key = (__u64)sk;

	bpf_map_delete_elem(&heads, &key);
}

static __always_inline struct burst *burst_find(struct sock *sk)
{
	__u64 key = (__u64)sk;

	return bpf_map_lookup_elem(&bursts, &key);
}

static __always_inline struct burst *burst_make(struct sock *sk)
{
	return entry_make(&bursts, sk);
}

static __always_inline struct http2_frames *http2_frames_make(struct sock *sk)
{
	return entry_make(&http2_frames, sk);
}

static __always_inline void http2_frames_end(struct sock *sk)
{
}

/* Its address may be another socket's next. */
static __always_inline void storage_end(struct sock *sk)
{
	__u64 key = (__u64)sk;

	bpf_map_delete_elem(&sockets, &key);
	bpf_map_delete_elem(&heads, &key);
	bpf_map_delete_elem(&bursts, &key);
	bpf_map_delete_elem(&http2_frames, &key);
}

/* No cookie helper for plain addresses: the moment and the CPU, unique for two years of uptime. */
static __always_inline __u64 socket_id(struct sock *sk)
{
	return bpf_ktime_get_ns() << 8 | (bpf_get_smp_processor_id() & 0xff);
}

#endif
