// SPDX-License-Identifier: GPL-2.0
/* A packet's headers under test_run, from any address: where there is no memory, the kernel's own errno is counted. */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include "hoptoll.h"
#include "loss.h"
#include "loss_kernel.h"
#include "counters.h"

char LICENSE[] SEC("license") = "GPL";

COUNTERS(loss_failures, LOSS_FAILURES)

#include "packet.h"

/* an IPv4 header of 20 bytes, TCP's behind it: from 10.0.0.1:258 to 10.0.0.2:772, a SYN */
__u8 packet[64] = { 0x45, [9] = IPPROTO_TCP, [12] = 10, [15] = 1, [16] = 10, [19] = 2, [20] = 1, 2, 3, 4, [33] = 2 };

/* the layout that PacketHeadersTest.java fills in and reads */
struct look {
	__u32 missing; /* the last page of all addresses, which has no memory */
	__u32 protocol;
	__u32 is_read;
	__u32 flags;
	__u32 ports;
};

SEC("syscall")
int look(struct look *l)
{
	unsigned char *at = l->missing ? (unsigned char *)-4096 : packet;
	struct drop_key key = {};
	__u32 flags = 0;

	l->is_read = read_packet(&key, &flags, l->protocol, at);
	l->flags = flags;
	l->ports = (__u32)key.source_port << 16 | key.destination_port;
	return 0;
}
