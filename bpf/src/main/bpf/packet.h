/* SPDX-License-Identifier: GPL-2.0 */
/* Whose a freed packet is: its addresses, ports and flags from its own headers. */
#pragma once

#define TCP_FLAGS_BYTE 13
#define TCP_PORTS_AND_FLAGS 14 /* bytes of the TCP header that are read */
#define IPV6_HEADER 40

static __always_inline void common_tuple(struct socket_tuple *t, struct sock_common *c)
{
	t->family = c->skc_family;
	t->local_port = c->skc_num;
	t->remote_port = __builtin_bswap16(c->skc_dport);
	if (t->family == AF_INET) {
		*(__u32 *)t->local = c->skc_rcv_saddr;
		*(__u32 *)t->remote = c->skc_daddr;
	} else {
		bpf_probe_read_kernel(t->local, 16, &c->skc_v6_rcv_saddr);
		bpf_probe_read_kernel(t->remote, 16, &c->skc_v6_daddr);
	}
}

/* Bytes of a packet's headers; false, and counted, where they cannot be read. */
static __always_inline bool read_headers(void *to, __u32 size, const unsigned char *at)
{
	long error = bpf_probe_read_kernel(to, size, at);

	if (!error)
		return 1;
	count(LOSS_FAILURE_HEADERS);
	count_errno(LOSS_FAILURE_HEADERS, error);
	return 0;
}

/* Reads an IPv4 header's addresses; returns where TCP begins, 0 if there is none. */
static __always_inline unsigned char *read_ipv4(struct drop_key *key, unsigned char *at)
{
	__u8 ip[20];

	if (!read_headers(ip, sizeof(ip), at) || ip[9] != IPPROTO_TCP)
		return 0;
	__builtin_memcpy(key->source, ip + 12, 4);
	__builtin_memcpy(key->destination, ip + 16, 4);
	key->family = AF_INET;
	return at + 4 * (ip[0] & 15);
}

/* The same of IPv6; a packet with extension headers is left out. */
static __always_inline unsigned char *read_ipv6(struct drop_key *key, unsigned char *at)
{
	__u8 ip[IPV6_HEADER];

	if (!read_headers(ip, sizeof(ip), at) || ip[6] != IPPROTO_TCP)
		return 0;
	__builtin_memcpy(key->source, ip + 8, 16);
	__builtin_memcpy(key->destination, ip + 24, 16);
	key->family = AF_INET6;
	return at + IPV6_HEADER;
}

/* False where the packet is no TCP or its headers cannot be read. */
static __always_inline bool read_packet(struct drop_key *key, __u32 *flags, __u16 protocol, unsigned char *network)
{
	unsigned char *at = protocol == ETH_P_IP ? read_ipv4(key, network) : read_ipv6(key, network);
	__u8 tcp[TCP_PORTS_AND_FLAGS];

	if (!at || !read_headers(tcp, sizeof(tcp), at))
		return 0;
	key->source_port = (__u16)tcp[0] << 8 | tcp[1];
	key->destination_port = (__u16)tcp[2] << 8 | tcp[3];
	*flags = tcp[TCP_FLAGS_BYTE];
	return 1;
}
