/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hooks that hand typed pointers. Of each event the tracepoint, where the
 * kernel has it, else the function that tells the same (fentry, fexit). Which
 * are loaded is the agent's choice by the kernel's BTF: io.hoptoll.agent.HookSet.
 */
#pragma once

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state_changed, struct sock *sk, int oldstate, int newstate)
{
	on_state(sk, oldstate, newstate);
	return 0;
}

/* 6.3 */
SEC("tp_btf/sk_data_ready")
int BPF_PROG(socket_data_ready, struct sock *sk)
{
	on_data_ready(sk);
	return 0;
}

/* 6.3 */
SEC("tp_btf/sock_recv_length")
int BPF_PROG(socket_read, struct sock *sk, int ret, int flags)
{
	on_read(sk, ret, flags, 0);
	return 0;
}

/* 6.16. Fires once per piece of a large send. */
SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(socket_send_begins, struct sock *sk, const struct msghdr *message)
{
	on_send_begins(sk, message);
	return 0;
}

/* 6.3 */
SEC("tp_btf/sock_send_length")
int BPF_PROG(socket_written, struct sock *sk, int ret, int flags)
{
	on_written(sk, ret);
	return 0;
}

/* sk->sk_data_ready() of every socket that no module has taken over; the tracepoint sits in it. */
SEC("?fentry/sock_def_readable")
int BPF_PROG(socket_data_ready_called, struct sock *sk)
{
	on_data_ready(sk);
	return 0;
}

/* How many arguments tcp_recvmsg() has: 6 (…, nonblock, flags, addr_len), 5 from 5.19, 4 from 7.3. */
const volatile __u32 tcp_recvmsg_arguments = 5;

SEC("?fexit/tcp_recvmsg")
int socket_read_returned(unsigned long long *ctx)
{
	struct sock *sk = (struct sock *)ctx[0];

	if (tcp_recvmsg_arguments == 6)
		on_read(sk, *(volatile int *)&ctx[6], *(volatile int *)&ctx[4], 0);
	else if (tcp_recvmsg_arguments == 5)
		on_read(sk, *(volatile int *)&ctx[5], *(volatile int *)&ctx[3], 0);
	else
		on_read(sk, *(volatile int *)&ctx[4], *(volatile int *)&ctx[3], 0);
	return 0;
}

SEC("?fentry/tcp_sendmsg")
int BPF_PROG(socket_send_called, struct sock *sk, const struct msghdr *message)
{
	on_send_begins(sk, message);
	return 0;
}

SEC("?fexit/tcp_sendmsg")
int BPF_PROG(socket_send_returned, struct sock *sk, const struct msghdr *message, __u64 size, int ret)
{
	on_written(sk, ret);
	return 0;
}

/* sendfile() and splice() until 6.5; the bytes are in pages. */
SEC("?fentry/tcp_sendpage")
int BPF_PROG(socket_page_called, struct sock *sk)
{
	on_send_begins(sk, 0);
	return 0;
}

SEC("?fexit/tcp_sendpage")
int BPF_PROG(socket_page_returned, struct sock *sk, struct page *page, int offset, __u64 size, int flags,
	     int ret)
{
	on_written(sk, ret);
	return 0;
}
