// SPDX-License-Identifier: GPL-2.0
/*
 * The classic design, to compare with: tracepoints at entry and exit of each
 * system call that reads or writes, the arguments in a hash in between, from
 * the descriptor to the socket by the process' table of files. The turn machine
 * is Hoptoll's own and its record too; what a system call cannot know (when
 * data was ready, which connection is whose) is left out, and no byte of
 * payload is looked at.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "access.h"
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"

char LICENSE[] SEC("license") = "GPL";

struct fdtable___bench {
	struct file **fd;
} __attribute__((preserve_access_index));

struct files_struct___bench {
	struct fdtable___bench *fdt;
} __attribute__((preserve_access_index));

struct task_struct___bench {
	struct files_struct___bench *files;
} __attribute__((preserve_access_index));

/* /sys/kernel/tracing/events/syscalls/sys_enter_read/format: the same for all */
struct call_enters {
	__u64 common, number, arguments[6];
};

struct call_leaves {
	__u64 common, number;
	long result;
};

struct call {
	__u64 entry;
	__u32 fd;
	__u32 pad;
};

/* By thread: the call at hand. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

/* By the socket's address. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct socket_state);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct socket_state);
} no_state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} records SEC(".maps");

static __always_inline int call_begins(struct call_enters *c)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = { bpf_ktime_get_ns(), c->arguments[0] };

	bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
	return 0;
}

static __always_inline struct sock *socket_of(__u32 fd)
{
	struct task_struct___bench *task = (void *)bpf_get_current_task();
	struct file **files = BPF_CORE_READ(task, files, fdt, fd), *file = 0;
	struct socket *socket;
	struct sock *sk;
	__u16 family;

	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if ((family != AF_INET && family != AF_INET6) ||
	    BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	return sk;
}

/* Who speaks first is taken for the client: a system call does not tell. */
static __always_inline struct socket_state *state_made(struct sock *sk, bool in)
{
	__u64 key = (__u64)sk;
	__u32 zero = 0;
	struct socket_state *s = bpf_map_lookup_elem(&no_state, &zero);

	if (!s)
		return 0;
	bpf_map_update_elem(&sockets, &key, s, BPF_ANY);
	s = bpf_map_lookup_elem(&sockets, &key);
	if (!s)
		return 0;
	s->r.header.kind = RECORD_EXCHANGE;
	s->r.header.schema = HOPTOLL_SCHEMA;
	s->r.header.size = sizeof(struct exchange_record);
	s->r.header.socket_id = key;
	s->r.header.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	s->r.tuple.role = in ? ROLE_ACCEPT : ROLE_CONNECT;
	s->r.tuple.family = AF_INET;
	s->r.tuple.local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	s->r.tuple.remote_port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	s->r.owner.tgid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(s->r.owner.comm, sizeof(s->r.owner.comm));
	return s;
}

static __always_inline void report(struct sock *sk, struct socket_state *s, __u64 now)
{
	struct exchange_record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	if (r) {
		__builtin_memset(&r->tcp, 0, sizeof(r->tcp));
		__builtin_memcpy(&r->turn, &s->r, sizeof(r->turn));
		r->turn.header.emitted = now;
		r->turn.header.turn = s->turns;
		r->tcp.min_rtt_us = BPF_CORE_READ(tp, rtt_min.s[0].v);
		r->tcp.srtt_us = BPF_CORE_READ(tp, srtt_us) >> 3;
		r->turn.retransmits = BPF_CORE_READ(tp, total_retrans);
		r->tcp.congestion_window = BPF_CORE_READ(tp, snd_cwnd);
		bpf_ringbuf_submit(r, 0);
	}
	s->turns++;
	turn_reset(s);
}

static __always_inline void done(const struct call *call, long result, bool in)
{
	struct sock *sk = result > 0 ? socket_of(call->fd) : 0;
	__u64 key = (__u64)sk, now;
	struct socket_state *s;

	if (!sk)
		return;
	s = bpf_map_lookup_elem(&sockets, &key);
	if (!s)
		s = state_made(sk, in);
	if (!s)
		return;
	now = bpf_ktime_get_ns();
	if (turn_ends(s, in))
		report(sk, s, now);
	if (in)
		turn_read(s, now, result);
	else
		turn_written(s, call->entry, now, result);
}

static __always_inline int call_ends(struct call_leaves *c, bool in)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &thread);

	if (!call)
		return 0;
	done(call, c->result, in);
	bpf_map_delete_elem(&calls, &thread);
	return 0;
}

#define CALL(name, in)                                                                             \
	SEC("tracepoint/syscalls/sys_enter_" #name)                                                \
	int enter_##name(struct call_enters *c)                                                    \
	{                                                                                          \
		return call_begins(c);                                                             \
	}                                                                                          \
	SEC("tracepoint/syscalls/sys_exit_" #name)                                                 \
	int exit_##name(struct call_leaves *c)                                                     \
	{                                                                                          \
		return call_ends(c, in);                                                           \
	}

CALL(read, 1)
CALL(readv, 1)
CALL(recvfrom, 1)
CALL(recvmsg, 1)
CALL(write, 0)
CALL(writev, 0)
CALL(sendto, 0)
CALL(sendmsg, 0)
