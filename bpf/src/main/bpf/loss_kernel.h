/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel types that only loss.bpf.c reads; see kernel.h. */
#pragma once

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define TCP_CA_RECOVERY 3	/* enum tcp_ca_state */
#define TCP_CA_LOSS 4
#define ICSK_TIME_LOSS_PROBE 5	/* include/net/inet_connection_sock.h */

/* only to ask whether the running kernel has it */
enum sk_rst_reason { SK_RST_REASON_NOT_SPECIFIED };

/* values are the running kernel's, by bpf_core_enum_value() */
enum skb_drop_reason { SKB_DROP_REASON_QUEUE_PURGE };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct request_sock {
	struct sock_common __req_common;
};

struct net_device {
	possible_net_t nd_net;
};

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	char cb[48];
	unsigned int len;
	__be16 protocol;
	__u16 transport_header;
	__u16 network_header;
	unsigned char *head;
};

struct tcp_skb_cb {
	__u32 seq;
	__u16 tcp_gso_segs;
};

#pragma clang attribute pop
