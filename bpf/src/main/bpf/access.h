/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How kernel memory is read. Tracepoints and fentry hand typed pointers, whose
 * fields are loaded directly (1 ns). A kprobe hands plain numbers: with
 * HOPTOLL_PROBED each field is copied by a helper (30 ns), in exchange for any
 * kernel that has BTF.
 */
#pragma once

#ifdef HOPTOLL_PROBED
#define READ(p, field) BPF_CORE_READ(p, field)
#define READ_BITS(p, field) BPF_CORE_READ_BITFIELD_PROBED(p, field)
#else
#define READ(p, field) ((p)->field)
#define READ_BITS(p, field) BPF_CORE_READ_BITFIELD(p, field)
#endif

static __always_inline struct tcp_sock *tcp_of(struct sock *sk)
{
#ifdef HOPTOLL_PROBED
	return (struct tcp_sock *)sk;
#else
	return bpf_skc_to_tcp_sock(sk);
#endif
}

/* Process and thread at hand, as bpf_get_current_pid_tgid(), which is a call where this is two loads. */
static __always_inline __u64 current_ids(void)
{
#ifdef HOPTOLL_PROBED
	return bpf_get_current_pid_tgid();
#else
	struct task_struct *task = bpf_get_current_task_btf();

	return (__u64)(__u32)task->tgid << 32 | (__u32)task->pid;
#endif
}

static __always_inline __u32 netns_of(const struct sock *sk)
{
#ifdef HOPTOLL_PROBED
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
#else
	return sk->__sk_common.skc_net.net->ns.inum;
#endif
}

/* The socket behind an open file, of any protocol. */
static __always_inline struct sock *sock_of(struct file *file)
{
#ifdef HOPTOLL_PROBED
	struct socket *socket;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, sk);
#else
	struct socket *socket = file ? bpf_sock_from_file(file) : 0;

	return socket ? socket->sk : 0;
#endif
}

/*
 * Stores before it are seen by other CPUs before what is loaded after it is read. Atomics with a result are the
 * full barriers that BPF has; kernels before 5.12 have none. There a record of `ring` that is thrown away at once
 * is one: bpf_ringbuf_commit() exchanges its header by xchg(), fully ordered on every processor. Without room there
 * is nothing to order: what the flush was to tell finds none, either.
 */
static __always_inline void full_barrier(void *ring)
{
#ifdef HOPTOLL_PROBED
	void *thrown = bpf_ringbuf_reserve(ring, sizeof(__u64), 0);

	if (thrown)
		bpf_ringbuf_discard(thrown, BPF_RB_NO_WAKEUP);
	barrier();
#else
	__u64 cell = 0, add = 0, before;
	__u64 *at = &cell;

	asm volatile("" : "+r"(add), "+r"(at)); /* the compiler makes no other thing of it */
	before = __sync_fetch_and_add(at, add);
	asm volatile("" : : "r"(before) : "memory");
#endif
}
