/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same where Go's crypto/tls hands heads to the app or takes them: (*Conn).Read
 * and Write. Part of plaintext.bpf.c.
 *
 * Go's stacks move, so no return address may be replaced (uretprobe): the agent
 * probes each instruction that returns. A function looks for room on its stack
 * first, and may begin anew on a larger one: it is probed behind that, where it
 * comes once. Calls are known by goroutine, which is the same in system calls.
 */
#pragma once

static __always_inline struct go_key go_key_of(__u64 goroutine, __u32 way)
{
	struct go_key key = { goroutine, bpf_get_current_pid_tgid() >> 32, way };

	return key;
}

/* The goroutine's stack (its g begins with lo and hi) may have moved when a read returns. */
static __always_inline void keep_place_on_stack(struct ssl_call *call, __u64 goroutine)
{
	__u64 stack[2];

	if (read_user(stack, sizeof(stack), (const void *)goroutine)) {
		count(PLAINTEXT_USER_READ);
	} else if (call->buffer >= stack[0] && call->buffer < stack[1]) {
		call->buffer = stack[1] - call->buffer;
		call->on_stack = 1;
	}
}

static __always_inline void find_place_on_stack(struct ssl_call *call, __u64 goroutine)
{
	__u64 stack[2];

	if (!call->on_stack)
		return;
	if (read_user(stack, sizeof(stack), (const void *)goroutine))
		count(PLAINTEXT_USER_READ);
	else
		call->buffer = stack[1] - call->buffer;
}

/* Two probes may be at one place: overlays give a file several numbers, and links are let go late. */
static __always_inline bool is_known(const struct go_key *key, const struct ssl_call *call)
{
	struct ssl_call *known = bpf_map_lookup_elem(&go_calls, key);

	return known && known->ssl == call->ssl && known->buffer == call->buffer;
}

static __always_inline int go_begins(struct probe_registers *ctx, __u32 way)
{
	struct ssl_call call = { GO_FIRST(ctx), GO_SECOND(ctx), 0, 0, netns_here(), 0, way };
	__u32 *head_bytes = bpf_map_lookup_elem(&plaintext_netns, &call.netns);
	struct go_key key = go_key_of(GO_GOROUTINE(ctx), way);

	if (!head_bytes) /* nobody asked for its namespace */
		return 0;
	call.head_bytes = *head_bytes;
	call.is_go = 1;
	if (way == SSL_READS)
		keep_place_on_stack(&call, key.goroutine);
	if (is_known(&key, &call))
		return 0;
	call.began = bpf_ktime_get_ns();
	keep(&go_calls, &key, &call);
	/* told now: another goroutine may have read the answer before this one returns */
	if (way == SSL_WRITES)
		look(&call, GO_THIRD(ctx), 0);
	return 0;
}

/*
 * net/http's server reads one byte while a request is at work, to learn that its
 * client went away (connReader.backgroundRead), and may get the next request's.
 */
static __always_inline void go_read(const struct ssl_call *call, __u64 size)
{
	struct ssl_key key = key_of(call->ssl);
	__u32 *kept = bpf_map_lookup_elem(&go_first_bytes, &key);
	__u32 first = kept ? *kept : 0, byte = 0;

	if (kept)
		bpf_map_delete_elem(&go_first_bytes, &key);
	if (size > 1)
		look(call, size, first);
	else if (read_user(&byte, 1, (const void *)call->buffer))
		count(PLAINTEXT_USER_READ);
	else if (!first && http1_may_begin(byte))
		keep(&go_first_bytes, &key, &byte);
}

static __always_inline int go_returns(struct probe_registers *ctx, __u32 way)
{
	struct go_key key = go_key_of(GO_GOROUTINE(ctx), way);
	struct ssl_call *found = bpf_map_lookup_elem(&go_calls, &key);
	__s64 result = GO_RESULT(ctx);
	struct ssl_call call;
	__u32 netns;

	if (!found) {
		netns = netns_here();
		if (way == SSL_READS && result > 0 && bpf_map_lookup_elem(&plaintext_netns, &netns))
			count(PLAINTEXT_BEGIN_MISSED);
		return 0;
	}
	call = *found;
	bpf_map_delete_elem(&go_calls, &key);
	find_place_on_stack(&call, key.goroutine);
	if (way == SSL_READS && result > 0)
		go_read(&call, result);
	return 0;
}

SEC("uprobe")
int go_read_begins(struct probe_registers *ctx)
{
	return go_begins(ctx, SSL_READS);
}

SEC("uprobe")
int go_read_returns(struct probe_registers *ctx)
{
	return go_returns(ctx, SSL_READS);
}

SEC("uprobe")
int go_write_begins(struct probe_registers *ctx)
{
	return go_begins(ctx, SSL_WRITES);
}

SEC("uprobe")
int go_write_returns(struct probe_registers *ctx)
{
	return go_returns(ctx, SSL_WRITES);
}

/* As for OpenSSL: ties a client's first request. What is known of its address is an earlier connection's. */
SEC("uprobe")
int go_handshake_begins(struct probe_registers *ctx)
{
	struct ssl_key key = key_of(GO_FIRST(ctx));

	bpf_map_delete_elem(&go_first_bytes, &key);
	bpf_map_delete_elem(&ssl_sockets, &key);
	return go_begins(ctx, SSL_SHAKES_HANDS);
}

SEC("uprobe")
int go_handshake_returns(struct probe_registers *ctx)
{
	return go_returns(ctx, SSL_SHAKES_HANDS);
}

/*
 * What the goroutine is in that the current thread runs; of a program that is not Go's, nothing. A handshake is
 * inside a read or a write, or alone; one older than these was ended by a panic.
 */
static __always_inline struct ssl_call *go_call_here(bool read)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	struct go_key key = go_key_of(syscall_goroutine(regs), SSL_SHAKES_HANDS);
	struct ssl_call *shakes = bpf_map_lookup_elem(&go_calls, &key), *reads, *writes;

	key.way = SSL_READS;
	reads = bpf_map_lookup_elem(&go_calls, &key);
	key.way = SSL_WRITES;
	writes = bpf_map_lookup_elem(&go_calls, &key);
	if (shakes && (!reads || reads->began <= shakes->began) && (!writes || writes->began <= shakes->began))
		return shakes;
	return read ? reads : writes;
}
