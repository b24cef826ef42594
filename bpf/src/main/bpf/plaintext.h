/* SPDX-License-Identifier: GPL-2.0 */
/* What plaintext.bpf.c tells: the contract with ebpf-agent (MessageLayout), as hoptoll.h is. */
#pragma once

#define PLAINTEXT_BYTES 2048 /* of one message, at most: as io.hoptoll.agent.PlaintextWatch */

/*
 * The begin of an HTTP/1 message that went through SSL_read or SSL_write: struct message_record's fields, at
 * its places, with more bytes.
 */
struct plaintext_record {
	struct record_header header; /* socket_id 0: not tied to a socket; emitted: the call's return */
	struct socket_tuple tuple;
	struct socket_owner owner;
	__u64 at;     /* SSL_read returned, or SSL_write began */
	__u32 length; /* of bytes */
	__u32 flags;  /* of enum message_flag */
	__u8 bytes[PLAINTEXT_BYTES];
	__u64 connection; /* user address of the SSL: with tgid the connection, tied or not */
};

/* what was seen and not told, by cause; indexes of the `plaintext_counts` map */
enum plaintext_count {
	PLAINTEXT_RING_FULL,
	PLAINTEXT_USER_READ,
	PLAINTEXT_UNTIED, /* told, without its socket */
	PLAINTEXT_HTTP2,  /* connections of HTTP/2: their heads are packed (HPACK) and not read */
	PLAINTEXT_MAPS,	  /* no room for a call or a socket: what goes through it is not told, or untied */
	PLAINTEXT_BEGIN_MISSED, /* reads of Go that returned bytes and whose begin was not seen, or forgotten */
	PLAINTEXT_COUNTS,
};
