/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks of any kernel: a kprobe as the function is entered, which keeps the
 * arguments until a kretprobe tells the result.
 */
#pragma once

/* What a kprobe is given: struct pt_regs of x86-64's user ABI (asm/ptrace.h), not relocated. */
struct probe_registers {
	__u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};

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

	bpf_map_update_elem(&calls, &thread, c, BPF_ANY);
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

SEC("kprobe/sock_def_readable")
int socket_data_ready_called(struct probe_registers *ctx)
{
	on_data_ready((struct sock *)ctx->di);
	return 0;
}

/* How many arguments tcp_recvmsg() has: 6 (…, nonblock, flags, addr_len), 5 from 5.19, 4 from 7.3. */
const volatile __u32 tcp_recvmsg_arguments = 5;

SEC("kprobe/tcp_recvmsg")
int socket_read_called(struct probe_registers *ctx)
{
	const struct msghdr *message = (const struct msghdr *)ctx->si;
	struct call c = { (struct sock *)ctx->di };
	__u64 fourth = ctx->cx, fifth = ctx->r8;

	/* loaded before the choice: the verifier refuses an address computed from ctx */
	asm volatile("" : "+r"(fourth), "+r"(fifth));
	c.flags = tcp_recvmsg_arguments == 6 ? fifth : fourth;
	if (!iov_first(&message->msg_iter, &c.into))
		c.into.at = 0;
	call_begins(&c);
	return 0;
}

SEC("kretprobe/tcp_recvmsg")
int socket_read_returned(struct probe_registers *ctx)
{
	struct call c;

	if (call_ends(&c))
		on_read(c.sk, ctx->ax, c.flags, &c.into);
	return 0;
}

SEC("kprobe/tcp_sendmsg")
int socket_send_called(struct probe_registers *ctx)
{
	struct call c = { (struct sock *)ctx->di };

	call_begins(&c);
	on_send_begins(c.sk, (const struct msghdr *)ctx->si);
	return 0;
}

SEC("kretprobe/tcp_sendmsg")
int socket_send_returned(struct probe_registers *ctx)
{
	struct call c;

	if (call_ends(&c))
		on_written(c.sk, ctx->ax);
	return 0;
}

/* sendfile() and splice() until 6.5; the bytes are in pages. */
SEC("kprobe/tcp_sendpage")
int socket_page_called(struct probe_registers *ctx)
{
	struct call c = { (struct sock *)ctx->di };

	call_begins(&c);
	on_send_begins(c.sk, 0);
	return 0;
}

SEC("kretprobe/tcp_sendpage")
int socket_page_returned(struct probe_registers *ctx)
{
	struct call c;

	if (call_ends(&c))
		on_written(c.sk, ctx->ax);
	return 0;
}
