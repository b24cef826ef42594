// SPDX-License-Identifier: GPL-2.0
/* The TLS record walker under test_run: one chunk a run; the state stays between runs. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "tls.h"

char LICENSE[] SEC("license") = "GPL";

/* the layout that TlsWalker.java fills in */
struct walk {
	__u64 user;
	__u32 length;
	__u32 head;
	__u8 in;
	__u8 client;
	__u8 data;  /* result */
	__u8 fault; /* result */
	__u32 restart; /* a new connection */
};

struct tls_state connection;

SEC("syscall")
int walk(struct walk *w)
{
	struct tls_chunk chunk = { w->user, w->length, w->head, 0, w->in, w->client };

	if (w->restart)
		__builtin_memset(&connection, 0, sizeof(connection));
	tls_walk(&connection, &chunk);
	w->data = chunk.data;
	w->fault = chunk.fault;
	return 0;
}
