// SPDX-License-Identifier: GPL-2.0
/* What of a socket's reads and writes is told as HTTP/1, under test_run: one chunk a run. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "access.h"
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"
#include "maps.h"
#include "storage.h"
#include "payload.h"
#include "heads.h"
#include "messages.h"

char LICENSE[] SEC("license") = "GPL";

/* the layout that MessageTest.java fills in and reads */
struct look {
	__u64 user;
	__u32 length;
	__u8 in;
	__u8 role;
	__u8 phase;
	__u8 tls;
	__u32 status; /* result */
	__u32 told;   /* result: bytes that the ring has more */
};

struct socket_state socket_looked_at;

SEC("syscall")
int look(struct look *l)
{
	struct socket_state *s = &socket_looked_at;
	__u64 before = bpf_ringbuf_query(&records, BPF_RB_PROD_POS);

	__builtin_memset(s, 0, sizeof(*s));
	s->r.tuple.role = l->role;
	s->phase = l->phase;
	s->tls.known = l->tls;
	message_note(s, l->in, (const char *)l->user, l->length, 1, head_bytes_asked(s));
	l->status = s->r.http_status;
	l->told = bpf_ringbuf_query(&records, BPF_RB_PROD_POS) - before;
	return 0;
}
