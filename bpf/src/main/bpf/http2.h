/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HTTP/2 in clear (RFC 9113). A new connection begins with the client's preface (3.4). Midway, where
 * frames are all there is, each rule of section 6 on what a client may send is held against the first
 * header, and against the next where it is here: the length prefixes of Kafka, PostgreSQL, MongoDB and
 * DNS begin with zeros too, and the byte that is a frame's type is the end of their length.
 */
#pragma once
#include "payload.h"

#define HTTP2_HEADER 9 /* length u24, type u8, flags u8, stream u31: RFC 9113 4.1 */

enum http2_type {
	HTTP2_DATA,
	HTTP2_HEADERS,
	HTTP2_PRIORITY,
	HTTP2_RST_STREAM,
	HTTP2_SETTINGS,
	HTTP2_PUSH_PROMISE,
	HTTP2_PING,
	HTTP2_GOAWAY,
	HTTP2_WINDOW_UPDATE,
	HTTP2_CONTINUATION,
};

static __always_inline bool http2_is_preface(const __u8 *b)
{
	return b[0] == 'P' && b[1] == 'R' && b[2] == 'I' && b[3] == ' ' && b[4] == '*';
}

/*
 * A frame of a client: streams that clients open are odd (5.1.1), flags without meaning are unset
 * (4.1), PUSH_PROMISE is the server's. Lengths below 2^16: 2^14 unless the peer allows more (4.2).
 */
static __always_inline bool http2_is_frame(const __u8 *b)
{
	__u32 length = (__u32)b[1] << 8 | b[2];
	__u32 stream = (__u32)b[5] << 24 | (__u32)b[6] << 16 | (__u32)b[7] << 8 | b[8];
	__u8 flags = b[4];
	bool of_stream = stream & 1;

	if (b[0] || stream >> 31)
		return 0;
	switch (b[3]) {
	case HTTP2_DATA:
		return of_stream && !(flags & ~0x09);
	case HTTP2_HEADERS:
		return of_stream && !(flags & ~0x2d);
	case HTTP2_PRIORITY:
		return of_stream && !flags && length == 5;
	case HTTP2_RST_STREAM:
		return of_stream && !flags && length == 4;
	case HTTP2_SETTINGS:
		return !stream && (flags ? flags == 1 && !length : !(length % 6));
	case HTTP2_PING:
		return !stream && !(flags & ~0x01) && length == 8;
	case HTTP2_GOAWAY:
		return !stream && !flags && length >= 8;
	case HTTP2_WINDOW_UPDATE:
		return (!stream || of_stream) && !flags && length == 4;
	case HTTP2_CONTINUATION:
		return of_stream && !(flags & ~0x04);
	}
	return 0;
}

/* Do these bytes, somewhere in a connection, begin with a client's frames? */
static __always_inline bool http2_midway(const char *user, __u32 readable)
{
	__u8 frame[HTTP2_HEADER] = {};
	__u32 next;

	if (readable < HTTP2_HEADER || read_user(frame, sizeof(frame), user) || !http2_is_frame(frame))
		return 0;
	next = HTTP2_HEADER + ((__u32)frame[1] << 8 | frame[2]);
	if (readable < next + HTTP2_HEADER)
		return 1;
	return !read_user(frame, sizeof(frame), user + next) && http2_is_frame(frame);
}
