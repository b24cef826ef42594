// SPDX-License-Identifier: GPL-2.0
/* What of a connection older than the agent is taken for HTTP/2, under test_run. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "http2.h"

char LICENSE[] SEC("license") = "GPL";

/* the layout that Http2MidwayTest.java fills in */
struct begin {
	__u64 user;
	__u32 readable;
	__u32 http2; /* result */
};

SEC("syscall")
int recognise(struct begin *b)
{
	b->http2 = http2_midway((const char *)b->user, b->readable);
	return 0;
}
