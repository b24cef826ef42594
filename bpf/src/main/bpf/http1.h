/* SPDX-License-Identifier: GPL-2.0 */
/* How HTTP/1 messages begin (RFC 9112 2.1). */
#pragma once

/* The first four characters, as the little-endian number that they are in memory. */
#define WORD(a, b, c, d) ((__u32)(a) | (__u32)(b) << 8 | (__u32)(c) << 16 | (__u32)(d) << 24)

/* Methods of RFC 9110 9.3 and RFC 5789. */
static __always_inline bool http1_is_request(__u32 word)
{
	return word == WORD('G', 'E', 'T', ' ') || word == WORD('P', 'O', 'S', 'T') ||
	       word == WORD('P', 'U', 'T', ' ') || word == WORD('H', 'E', 'A', 'D') ||
	       word == WORD('D', 'E', 'L', 'E') || word == WORD('O', 'P', 'T', 'I') ||
	       word == WORD('P', 'A', 'T', 'C') || word == WORD('C', 'O', 'N', 'N') ||
	       word == WORD('T', 'R', 'A', 'C');
}

static __always_inline bool http1_is_response(__u32 word)
{
	return word == WORD('H', 'T', 'T', 'P');
}

/* The first letters of these methods. */
static __always_inline bool http1_may_begin(__u32 letter)
{
	return letter == 'G' || letter == 'P' || letter == 'H' || letter == 'D' || letter == 'O' ||
	       letter == 'C' || letter == 'T';
}
