/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records that the probes put into the ring buffer: the contract with
 * ebpf-agent (RecordLayout), which checks every
 * offset below against the object's BTF before it attaches anything.
 *
 * Fixed width, largest first within a group, padding named and zero. Times are
 * CLOCK_MONOTONIC ns, 0 = never happened. Little-endian, 8-byte aligned.
 */
#pragma once

#define HOPTOLL_SCHEMA 1

enum record_kind {
	RECORD_EXCHANGE = 1,
	RECORD_CONNECTION = 2,
	RECORD_BURST = 3,
	RECORD_HEAD = 4,
	RECORD_MESSAGE = 5,
	RECORD_FRAMES = 6,
};
enum socket_role { ROLE_UNKNOWN = 0, ROLE_CONNECT = 1, ROLE_ACCEPT = 2 };

/* the same bits as io.hoptoll.model.Exchange */
enum exchange_flag {
	EXCHANGE_MIDWAY = 1, /* the socket is older than the agent */
	EXCHANGE_TLS = 2,
	EXCHANGE_CLOSED = 4,
	EXCHANGE_FLUSHED = 8,	      /* a later report of this turn may follow */
	EXCHANGE_TLS_AMBIGUOUS = 16, /* Finished and first request not separable */
	EXCHANGE_SHARED = 32, /* set in user space: built from bursts */
	EXCHANGE_RESET = 64,   /* closed with ECONNRESET or EPIPE: a RST came */
	EXCHANGE_OPENED = 128, /* connection: established, not yet closed */
	EXCHANGE_MULTIPLEXED = 256, /* HTTP/2 in clear: a turn is no request, see bursts */
	EXCHANGE_NODELAY = 512,	    /* TCP_NODELAY was set as the turn was reported */
};

struct record_header {
	__u16 kind;
	__u16 schema;
	__u32 size;
	__u64 emitted;
	__u64 socket_id; /* socket cookie: unique until reboot */
	__u32 turn;	 /* exchange: its number; connection: how many */
	__u32 netns;
};

struct socket_tuple {
	__u8 local[16]; /* IPv4 in the first 4 bytes */
	__u8 remote[16];
	__u16 local_port; /* host byte order */
	__u16 remote_port;
	__u16 family; /* AF_INET, AF_INET6 */
	__u8 role;
	__u8 pad;
};

struct socket_owner {
	__u32 tgid;
	__u32 tid;
	char comm[16];
};

struct socket_opening {
	__u64 syn;
	__u64 established;
	__u64 first_use;
	__u64 handshake_start;
	__u64 handshake_end;
	__u32 syn_retransmits;
	__u32 pad;
};

/* A turn so far; a socket's state keeps it, so it has no more than what is counted up. */
struct exchange_turn {
	struct record_header header;
	struct socket_tuple tuple;
	struct socket_owner owner;
	struct socket_opening opening;
	__u64 ready_first;
	__u64 ready_last;
	__u64 read_first;
	__u64 read_last;
	__u64 send_first; /* entry of the first send */
	__u64 send_last;  /* return of the last send */
	__u64 bytes_in;
	__u64 bytes_out;
	__u32 flags;
	__u32 reads;
	__u32 sends;
	__u32 would_blocks;
	__u32 ready_events;
	__u32 receive_queue_max;
	__u32 retransmits;
	__u32 lost;
	__u32 out_of_order;
	__u32 dsacks;
	__u32 busy_jiffies;
	__u32 rwnd_limited_jiffies;
	__u32 sndbuf_limited_jiffies;
	__u32 segments_in;
	__u32 segments_out;
	__u32 http_status; /* of the response in clear; 0: not looked at, or no HTTP/1 */
};

/* What TCP says of the connection as the turn is told, as tcp_get_info() says it. */
struct tcp_gauges {
	__u32 min_rtt_us;
	__u32 srtt_us;
	__u32 last_rtt_us; /* from the latest acknowledged segment's (re)transmission to its ACK */
	__u32 congestion_window; /* segments */
	__u32 send_window;    /* bytes: what the peer offered last */
	__u32 receive_window; /* bytes: what was offered to the peer last */
	__u64 delivery_rate;  /* bytes/s that the peer acknowledged, of the latest sample; 0: none yet */
};

struct exchange_record {
	struct exchange_turn turn;
	struct tcp_gauges tcp;
};

/* How a connection lived and ended, beside its exchanges. */
struct connection_life {
	__u64 first_byte;   /* first data ready */
	__u64 fin_sent;	    /* FIN_WAIT1 or LAST_ACK entered */
	__u64 fin_acked;    /* FIN_WAIT2 entered */
	__u64 fin_received; /* CLOSE_WAIT or CLOSING entered */
	__u64 inode;	    /* of the socket's file */
	__u64 bytes_received; /* sequence numbers: SYN and FIN are one each */
	__u64 bytes_acked;
	__u32 last_state; /* the TCP state before CLOSE */
	__u32 min_rtt_us;
	__u32 last_rtt_us; /* from the latest acknowledged segment's (re)transmission to its ACK */
	__u32 srtt_us;
	__u32 retransmits; /* SYNs too */
	__u32 unread;	   /* bytes that close() threw away: that sends a reset */
};

struct connection_record {
	struct record_header header;
	struct socket_tuple tuple;
	struct socket_owner owner;
	struct socket_opening opening;
	__u64 closed;
	__u32 error; /* sk_err: 0 or an errno */
	__u32 flags;
	struct connection_life life;
};

/* reads or writes of one direction close together, where a turn may hold many requests */
struct burst_record {
	struct record_header header;
	struct socket_tuple tuple;
	__u32 tgid;
	__u32 tid;
	__u64 ready; /* in: first data ready of what was read */
	__u64 first; /* in: first read returned; out: entry of the first send */
	__u64 last;  /* last read or send returned */
	__u32 seq_from; /* TCP sequence number of the first byte: the same at both ends */
	__u32 seq_to;	/* after the last byte */
	__u32 in;	/* 1: read, 0: written */
	__u32 flags;	/* of enum exchange_flag */
};

#define HEAD_KEPT 32   /* first bytes of a direction */
#define HEAD_BYTES 512 /* of a ClientHello, or of one read or write of HTTP/2 */
#define HEAD_FRAMES 8  /* reads and writes of an HTTP/2 connection that are told */

/* How the directions of a connection begin: what came in first, then what went out. */
struct head_record {
	struct record_header header;
	struct socket_tuple tuple;
	__u32 in_length; /* 0: not seen */
	__u32 out_length;
	__u8 bytes[2 * HEAD_KEPT]; /* what went out follows at HEAD_KEPT, or at 0 where nothing came in */
};

/* One direction alone, of the same kind: a ClientHello, a read or a write of HTTP/2. */
struct long_head_record {
	struct record_header header;
	struct socket_tuple tuple;
	__u32 in_length;
	__u32 out_length;
	__u8 bytes[HEAD_BYTES];
};

#define MESSAGE_BYTES 256      /* of an HTTP/1 message, unless more is asked for */
#define MESSAGE_LONG_BYTES 512 /* at most */

enum message_flag {
	MESSAGE_IN = 1,	 /* read, else written */
	MESSAGE_TLS = 2, /* the plaintext of a TLS connection */
	MESSAGE_GO = 4,  /* by Go's crypto/tls */
};

/*
 * The begin of an HTTP/1 message as its first bytes are read or written: of a request, before anything
 * answers it. header.turn is the exchange that it belongs to.
 */
struct message_record {
	struct record_header header;
	struct socket_tuple tuple;
	struct socket_owner owner;
	__u64 at;     /* the read returned, or the send began */
	__u32 length; /* of bytes */
	__u32 flags;  /* of enum message_flag */
	__u8 bytes[MESSAGE_BYTES];
};

/* The same with more bytes. */
struct long_message_record {
	struct record_header header;
	struct socket_tuple tuple;
	struct socket_owner owner;
	__u64 at;
	__u32 length;
	__u32 flags;
	__u8 bytes[MESSAGE_LONG_BYTES];
};

#define FRAME_BYTES 256 /* of a frame; more of it is in the next record */

/*
 * Bytes of one direction's HTTP/2 frames with heads, as read or written: HEADERS, CONTINUATION, PUSH_PROMISE
 * and RST_STREAM, headers of the frames included. `offset` counts those told before.
 */
struct frame_record {
	struct record_header header;
	struct socket_tuple tuple;
	struct socket_owner owner;
	__u64 at;     /* the read returned, or the send began */
	__u32 length; /* of bytes */
	__u32 flags;  /* of enum message_flag */
	__u32 offset;
	__u32 pad;
	__u8 bytes[FRAME_BYTES];
};

/* what went wrong, by place; indexes of the `failures` map */
enum failure {
	FAILURE_RING_FULL,
	FAILURE_STORAGE,
	FAILURE_USER_READ,
	FAILURE_TLS_SYNC,
	FAILURE_NO_TCP_SOCK,
	FAILURE_RETURN_MISSED, /* of a probed read or send: its bytes are not counted */
	FAILURE_HTTP2_SYNC,   /* frames out of step: no more heads of this direction */
	FAILURE_HTTP2_MIDWAY, /* a connection whose begin was not seen: no heads */
	FAILURE_CALLS,	   /* a probed read or send that found no room: its bytes are not counted */
	FAILURE_LISTENERS, /* sockets older than the agent may be given the wrong role */
	FAILURES,
};
