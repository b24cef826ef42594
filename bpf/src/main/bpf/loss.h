/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What loss.bpf.c reports: the contract with ebpf-agent (LossLayout), checked
 * against the object's BTF as hoptoll.h's records are.
 */
#pragma once

/* the order is that of io.hoptoll.model.TransportEvent.Kind */
enum loss_kind {
	LOSS_RETRANSMIT_SYN,
	LOSS_RETRANSMIT_SYN_ACK,
	LOSS_RETRANSMIT_TIMEOUT,
	LOSS_RETRANSMIT_AFTER_TIMEOUT,
	LOSS_RETRANSMIT_FAST,
	LOSS_RETRANSMIT_PROBE,
	LOSS_RESET_SENT,
	LOSS_RESET_RECEIVED,
	LOSS_ACCEPT_QUEUE,
	LOSS_WINDOW_CLOSED_HERE,
	LOSS_WINDOW_CLOSED_THERE,
};

struct loss_record {
	struct record_header header;
	struct socket_tuple tuple;
	__u32 kind;
	__u32 tgid;
	__u32 amount; /* segments sent again; SYNs not taken; closed windows: bytes waiting */
	__u32 limit;  /* accept queue: its bound */
	__u32 queued; /* accept queue: connections in it */
	__u32 reason; /* resets: enum sk_rst_reason of the running kernel */
	__u32 seq;    /* retransmits: first sequence number */
	__u32 pad;
};

/* Packets of one connection and direction freed in one place for one reason. */
struct drop_key {
	__u8 source[16]; /* IPv4 in the first 4 bytes */
	__u8 destination[16];
	__u16 source_port; /* host byte order */
	__u16 destination_port;
	__u16 family;
	__u16 pad;
	__u32 netns;
	__u32 reason;	/* enum skb_drop_reason of the running kernel */
	__u64 location; /* the kernel's instruction that freed it */
};

struct drop_count {
	__u64 first;
	__u64 last;
	__u64 socket_id; /* 0: no watched socket was found */
	__u64 packets;
	__u64 bytes;	 /* with TCP header, as long as it was */
	__u32 turn;
	__u32 tcp_flags; /* all that were seen, RFC 9293 byte 13: 2 is SYN, 4 RST */
};

enum loss_failure {
	LOSS_FAILURE_RING_FULL,
	LOSS_FAILURE_DROPS_FULL,
	LOSS_FAILURE_STORAGE,
	LOSS_FAILURE_HEADERS, /* of a freed packet: nobody learns that it was dropped */
	LOSS_FAILURES,
};
