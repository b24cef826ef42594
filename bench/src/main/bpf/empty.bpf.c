// SPDX-License-Identifier: GPL-2.0
/* The limit: the exchange probes' hooks (hooks.h) with nothing behind them. Same names, so that reports line up. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state_changed, struct sock *sk, int oldstate, int newstate)
{
	return 0;
}

SEC("tp_btf/sk_data_ready")
int BPF_PROG(socket_data_ready, struct sock *sk)
{
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(socket_read, struct sock *sk, int ret, int flags)
{
	return 0;
}

SEC("tp_btf/tcp_sendmsg_locked")
int BPF_PROG(socket_send_begins, struct sock *sk, const struct msghdr *message)
{
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(socket_written, struct sock *sk, int ret, int flags)
{
	return 0;
}
