/* SPDX-License-Identifier: GPL-2.0 */
/* What plaintext.bpf.c tells: the contract with ebpf-agent (PlaintextLayout), as hoptoll.h is. */
#pragma once

#define PLAINTEXT_BYTES 2048 /* of one message, at most: as io.hoptoll.agent.PlaintextWatch */

/* The begin of an HTTP/1 message that went through SSL_read or SSL_write. */
struct plaintext_record {
	struct record_header header; /* socket_id 0: not tied to a socket */
	struct socket_tuple tuple;
	__u64 connection; /* user address of the SSL: with tgid the connection, tied or not */
	__u64 began;	  /* of the call; header.emitted is its return */
	__u32 tgid;
	__u32 tid;
	char comm[16];
	__u32 in;     /* 1: SSL_read, 0: SSL_write */
	__u32 length; /* of bytes */
	__u8 bytes[PLAINTEXT_BYTES];
};

/* what was seen and not told, by cause; indexes of the `plaintext_counts` map */
enum plaintext_count {
	PLAINTEXT_RING_FULL,
	PLAINTEXT_USER_READ,
	PLAINTEXT_UNTIED, /* told, without its socket */
	PLAINTEXT_HTTP2,  /* connections of HTTP/2: their heads are packed (HPACK) and not read */
	PLAINTEXT_COUNTS,
};
