/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel types the probes read, and only their fields that the probes
 * read. preserve_access_index makes libbpf relocate each access to the running
 * kernel's BTF, so no vmlinux.h is generated and the object fits any kernel
 * that has these fields.
 */
#pragma once
#include <linux/bpf.h>
#include <linux/types.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define EAGAIN 11
#define EPIPE 32
#define ECONNRESET 104
#define MSG_PEEK 2
#define MSG_ERRQUEUE 0x2000
#define TCP_NAGLE_OFF 1 /* a bit of tcp_sock.nonagle: TCP_NODELAY */
#define S_IFMT 0170000
#define S_IFSOCK 0140000

typedef _Bool bool;

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_SYN_RECV = 3,
	TCP_FIN_WAIT1 = 4,
	TCP_FIN_WAIT2 = 5,
	TCP_TIME_WAIT = 6,
	TCP_CLOSE = 7,
	TCP_CLOSE_WAIT = 8,
	TCP_LAST_ACK = 9,
	TCP_LISTEN = 10,
	TCP_CLOSING = 11,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

typedef struct {
	int counter;
} atomic_t;

struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct sk_buff_head {
	__u32 qlen;
};

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
	__u16 sk_protocol;
	int sk_err;
	struct socket *sk_socket;
	atomic_t sk_drops;
	__u32 sk_ack_backlog;
	__u32 sk_max_ack_backlog;
};

struct minmax_sample {
	__u32 t;
	__u32 v;
};

struct minmax {
	struct minmax_sample s[3];
};

struct inet_connection_sock {
	__u8 icsk_ca_state : 5;
	__u8 icsk_pending;
};

struct tcp_rack {
	__u32 rtt_us;
};

struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
	__u32 snd_cwnd;
	__u32 srtt_us;
	struct minmax rtt_min;
	__u32 total_retrans;
	__u32 lost;
	__u32 rcv_ooopack;
	__u32 dsack_dups;
	__u32 segs_in;
	__u32 segs_out;
	__u32 chrono_start;
	__u32 chrono_stat[3];
	__u8 chrono_type : 2;
	__u8 nonagle : 4;
	__u64 bytes_received;
	__u64 bytes_acked;
	struct tcp_rack rack;
	struct inet_connection_sock inet_conn;
	__u32 snd_nxt;
	__u32 snd_wnd;
	__u32 rcv_wnd;
	__u32 rcv_wup;
	__u32 mss_cache;
	__u32 rate_delivered;
	__u32 rate_interval_us;
};

struct socket {
	struct file *file;
	struct sock *sk;
};

struct iovec {
	void *iov_base;
	__u64 iov_len;
};

struct iov_iter {
	__u8 iter_type;
	unsigned long iov_offset;
	unsigned long count;
	const struct iovec *__iov;
	void *ubuf;
};

struct msghdr {
	struct iov_iter msg_iter;
};

struct task_struct {
	int tgid;
	int pid;
};

struct page;
struct bpf_iter_meta;

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

/* user ABI, not relocated: struct user_msghdr's head */
struct user_message {
	void *name;
	int name_length;
	int pad;
	struct iovec *iov;
};
