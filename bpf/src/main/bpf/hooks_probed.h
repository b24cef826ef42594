/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks of kernels that let no typed pointer be kept: as a function is
 * entered its arguments are noted, until its return tells the result. By fentry
 * and fexit, or by kprobe and kretprobe where there are none. The kernel holds
 * max(10, 2 x CPUs) returns of a kretprobe at a time: of more threads that block
 * in a read it misses the return, which is counted (FAILURE_RETURN_MISSED).
 */
#pragma once
#include "registers.h"

/* A read or send that has not returned; keyed by thread, as none has two at once. */
struct call {
	struct sock *sk;
	struct user_piece into; /* of a read; at 0: not user memory */
	__u64 flags;
};

/*
 * Entry writes, return takes out. The least recently used goes when it is full:
 * those whose return the kernel missed (all of a kretprobe's slots were taken).
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline void call_begins(const struct call *c)
{
	__u64 thread = bpf_get_current_pid_tgid();
	long error;

	if (bpf_map_lookup_elem(&calls, &thread))
		count(FAILURE_RETURN_MISSED);
	error = bpf_map_update_elem(&calls, &thread, c, BPF_ANY);
	if (error) {
		count(FAILURE_CALLS);
		count_errno(FAILURE_CALLS, error);
	}
}

static __always_inline bool call_ends(struct call *c)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *begun = bpf_map_lookup_elem(&calls, &thread);

	if (!begun)
		return 0;
	*c = *begun;
	bpf_map_delete_elem(&calls, &thread);
	return 1;
}

SEC("raw_tp/inet_sock_set_state")
int socket_state_changed(struct bpf_raw_tracepoint_args *ctx)
{
	on_state((struct sock *)ctx->args[0], ctx->args[1], ctx->args[2]);
	return 0;
}

/* How many arguments tcp_recvmsg() has: 6 (…, nonblock, flags, addr_len), 5 from 5.19, 4 from 7.3. */
const volatile __u32 tcp_recvmsg_arguments = 5;

static __always_inline void read_called(struct sock *sk, const struct msghdr *message, __u64 fourth,
					__u64 fifth)
{
	struct call c = { sk };

	c.flags = tcp_recvmsg_arguments == 6 ? fifth : fourth;
	if (!iov_first(&message->msg_iter, &c.into))
		c.into.at = 0;
	call_begins(&c);
}

static __always_inline void read_returned(int ret)
{
	struct call c;

	if (call_ends(&c))
		on_read(c.sk, ret, c.flags, &c.into);
}

static __always_inline void send_called(struct sock *sk, const struct msghdr *message)
{
	struct call c = { sk };

	call_begins(&c);
	on_send_begins(sk, message);
}

static __always_inline void send_returned(int ret)
{
	struct call c;

	if (call_ends(&c))
		on_written(c.sk, ret);
}

SEC("?kprobe/sock_def_readable")
int probe_data_ready(struct probe_registers *ctx)
{
	on_data_ready((struct sock *)PROBE_FIRST(ctx));
	return 0;
}

SEC("?kprobe/tcp_recvmsg")
int probe_read(struct probe_registers *ctx)
{
	__u64 fourth = PROBE_FOURTH(ctx), fifth = PROBE_FIFTH(ctx);

	/* loaded before the choice: the verifier refuses an address computed from ctx */
	asm volatile("" : "+r"(fourth), "+r"(fifth));
	read_called((struct sock *)PROBE_FIRST(ctx), (const struct msghdr *)PROBE_SECOND(ctx), fourth, fifth);
	return 0;
}

SEC("?kretprobe/tcp_recvmsg")
int probe_read_returns(struct probe_registers *ctx)
{
	read_returned(PROBE_RESULT(ctx));
	return 0;
}

SEC("?kprobe/tcp_sendmsg")
int probe_send(struct probe_registers *ctx)
{
	send_called((struct sock *)PROBE_FIRST(ctx), (const struct msghdr *)PROBE_SECOND(ctx));
	return 0;
}

SEC("?kretprobe/tcp_sendmsg")
int probe_send_returns(struct probe_registers *ctx)
{
	send_returned(PROBE_RESULT(ctx));
	return 0;
}

/* sendfile() and splice() until 6.5; the bytes are in pages. */
SEC("?kprobe/tcp_sendpage")
int probe_page(struct probe_registers *ctx)
{
	send_called((struct sock *)PROBE_FIRST(ctx), 0);
	return 0;
}

SEC("?kretprobe/tcp_sendpage")
int probe_page_returns(struct probe_registers *ctx)
{
	send_returned(PROBE_RESULT(ctx));
	return 0;
}

SEC("?fentry/sock_def_readable")
int BPF_PROG(call_data_ready, struct sock *sk)
{
	on_data_ready(sk);
	return 0;
}

SEC("?fentry/tcp_recvmsg")
int call_read(unsigned long long *ctx)
{
	__u64 fifth = 0;

	if (tcp_recvmsg_arguments == 6)
		fifth = *(volatile __u64 *)&ctx[4];
	read_called((struct sock *)ctx[0], (const struct msghdr *)ctx[1], *(volatile __u64 *)&ctx[3], fifth);
	return 0;
}

/* The result stands behind the arguments. */
SEC("?fexit/tcp_recvmsg")
int call_read_returns(unsigned long long *ctx)
{
	if (tcp_recvmsg_arguments == 6)
		read_returned(*(volatile int *)&ctx[6]);
	else if (tcp_recvmsg_arguments == 5)
		read_returned(*(volatile int *)&ctx[5]);
	else
		read_returned(*(volatile int *)&ctx[4]);
	return 0;
}

SEC("?fentry/tcp_sendmsg")
int BPF_PROG(call_send, struct sock *sk, const struct msghdr *message)
{
	send_called(sk, message);
	return 0;
}

SEC("?fexit/tcp_sendmsg")
int BPF_PROG(call_send_returns, struct sock *sk, const struct msghdr *message, __u64 size, int ret)
{
	send_returned(ret);
	return 0;
}

SEC("?fentry/tcp_sendpage")
int BPF_PROG(call_page, struct sock *sk)
{
	send_called(sk, 0);
	return 0;
}

SEC("?fexit/tcp_sendpage")
int BPF_PROG(call_page_returns, struct sock *sk, struct page *page, int offset, __u64 size, int flags,
	     int ret)
{
	send_returned(ret);
	return 0;
}
