/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Walks TLS record headers (RFC 8446 section 5.1: type, version, length; five
 * bytes in clear) in one direction of a connection, across reads and writes
 * that cut records anywhere. Says whether a chunk carried application data.
 *
 * Handshake (22), change_cipher_spec (20) and alert (21) records are none. In
 * TLS 1.3 the client's last handshake flight travels as type 23 too: the first
 * record after its change_cipher_spec is counted as handshake, whatever its
 * type (middlebox compatibility mode, RFC 8446 D.4: BoringSSL, OpenSSL, Go and
 * JSSE send it). A client that packs certificate and Finished into several
 * records of that flight is told apart only where its send() is seen.
 *
 * Two more of TLS 1.3's disguises: alerts travel as type 23, known by their
 * length (JSSE's, which a small piece of a body may have too, only where a
 * request would begin: none is that short); the server's session tickets do too, so nothing of the server counts
 * until the client has sent data (at the client, which may send before it
 * reads the tickets, they count to the first response).
 */
#pragma once
#include "payload.h"

enum tls_type { TLS_CCS = 20, TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_DATA = 23 };
enum tls_known { TLS_UNKNOWN = 0, TLS_YES = 1, TLS_NO = 2 };

#define TLS_HEADER 5
#define TLS_ALERT_LENGTH 19  /* an encrypted alert of TLS 1.3: 2, its type, 16 of tag */
#define JSSE_ALERT_LENGTH 35 /* JSSE pads it by 16 */
#define TLS_MAX_RECORD 16640 /* 2^14 + 256, RFC 8446 5.2 */
#define TLS_MAX_WALK 12	     /* records looked at in one read or write */

struct tls_direction {
	__u32 left; /* bytes of the current record still to come */
	__u8 have;  /* header bytes collected */
	__u8 type;  /* type of the current record */
	__u8 counts;	 /* the current record is application data */
	__u8 lost;	 /* out of step: everything counts as data */
	__u8 header[8];
};

struct tls_state {
	struct tls_direction in, out;
	__u8 known;
	__u8 finished_due; /* client's CCS seen: its next record is handshake */
	__u8 ready;	   /* client's Finished seen */
	__u8 began_as_handshake; /* the chunk at hand began with type 20 or 22 */
	__u8 asked;	   /* the client has sent application data */
	__u8 answered;	   /* the latest data was the server's */
	__u8 pad[2];
};

/* Does this look like the first bytes of a TLS record? */
static __always_inline bool tls_is_header(const __u8 *b)
{
	__u16 length = (__u16)b[3] << 8 | b[4];

	return b[0] >= TLS_CCS && b[0] <= TLS_DATA && b[1] == 3 && b[2] <= 4 && length > 0 &&
	       length <= TLS_MAX_RECORD;
}

static __always_inline bool tls_counts(const struct tls_state *t, const __u8 *header, bool client)
{
	__u16 length = (__u16)header[3] << 8 | header[4];

	if (header[0] != TLS_DATA || length == TLS_ALERT_LENGTH)
		return 0;
	if (client && t->answered && length == JSSE_ALERT_LENGTH)
		return 0;
	return client ? t->ready : t->asked;
}

/* A complete header: what does its record count as? client = it flows from the connecting end. */
static __always_inline void tls_begin_record(struct tls_state *t, struct tls_direction *d,
					     bool client)
{
	if (!tls_is_header(d->header)) {
		d->lost = 1;
		return;
	}
	d->type = d->header[0];
	d->left = (__u32)d->header[3] << 8 | d->header[4];
	d->counts = tls_counts(t, d->header, client);
	if (d->counts)
		t->answered = !client;
	if (!client)
		return;
	if (t->finished_due) {
		t->finished_due = 0;
		t->ready = 1;
		d->counts = 0;
	} else if (d->type == TLS_CCS && !t->ready) {
		t->finished_due = 1;
	}
	t->asked |= d->counts;
}

/* Collects header bytes; false where the walk cannot go on with this chunk. */
static __always_inline bool tls_collect(struct tls_direction *d, const char *user, __u32 take,
					bool *fault)
{
	__u32 have = d->have;
	__u8 bytes[8] = {};

	/* the verifier forgets a bound that the compiler proved away */
	asm volatile("" : "+r"(take));
	take &= 7;
	if (!user || read_user(bytes, take, user)) {
		*fault = 1;
		return 0;
	}
#pragma unroll
	for (int k = 0; k < TLS_HEADER; k++)
		if (k < take)
			d->header[(have + k) & 7] = bytes[k];
	d->have = have + take;
	return 1;
}

/* One chunk on its way through the walker. `head` of its bytes can be read at `user`. */
struct tls_chunk {
	__u64 user;
	__u32 length;
	__u32 head;
	__u32 at;
	bool in;     /* it was read, not written */
	bool client; /* it flows from the connecting end */
	bool data;   /* result: it carries application data */
	bool fault;  /* result: user memory could not be read */
};

/*
 * Takes the rest of a record or of a header off the chunk. A global function,
 * so that the verifier looks at it once and not once a round of the loop; kernels
 * before 5.12 know no pointers as arguments of those.
 */
#ifdef HOPTOLL_PROBED
static
#endif
__noinline int tls_step(struct tls_state *t, struct tls_chunk *c)
{
	struct tls_direction *d;
	__u32 take, rest;

	if (!t || !c || c->at >= c->length)
		return 0;
	d = c->in ? &t->in : &t->out;
	if (d->lost)
		return 0;
	rest = c->length - c->at;
	take = d->left ? d->left : (__u32)TLS_HEADER - d->have;
	if (take > rest)
		take = rest;
	if (d->left) {
		c->data |= d->counts;
		d->left -= take;
	} else if (c->at + take > c->head ||
		   !tls_collect(d, (const char *)c->user + c->at, take, &c->fault)) {
		d->lost = 1;
	} else if (d->have == TLS_HEADER) {
		d->have = 0;
		tls_begin_record(t, d, c->client);
		c->data |= d->counts; /* Envoy reads a header apart: the record's first byte is read here */
		if (c->at == 0 && (d->type == TLS_CCS || d->type == TLS_HANDSHAKE))
			t->began_as_handshake = 1;
	}
	c->at += take;
	return 1;
}

/* Out of step, but this chunk begins as a record does: in step again. */
static __always_inline void tls_resync(struct tls_state *t, struct tls_direction *d,
				       const struct tls_chunk *c)
{
	__u8 head[TLS_HEADER] = {};

	if (c->head < TLS_HEADER || read_user(head, sizeof(head), (const void *)c->user) ||
	    !tls_is_header(head))
		return;
	d->lost = d->have = 0;
	d->left = 0;
	if (head[0] == TLS_DATA) {
		t->ready = t->asked = 1;
		t->finished_due = 0;
	}
}

/* Feeds one chunk; out of step, all of it counts as application data. */
static __always_inline void tls_walk(struct tls_state *t, struct tls_chunk *c)
{
	struct tls_direction *d = c->in ? &t->in : &t->out;

	if (d->lost)
		tls_resync(t, d, c);
	t->began_as_handshake = d->left && (d->type == TLS_CCS || d->type == TLS_HANDSHAKE);
	for (int i = 0; i < TLS_MAX_WALK; i++)
		if (!tls_step(t, c))
			break;
	if (c->at < c->length)
		d->lost = 1;
	c->data |= d->lost;
}
