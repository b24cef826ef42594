// SPDX-License-Identifier: GPL-2.0
/*
 * Heads of HTTP/1 messages inside TLS, where OpenSSL hands them to the app or
 * takes them from it: SSL_read, SSL_write (and _ex); and where Go's crypto/tls
 * does (plaintext_go.h). Loaded only while a profiling task asks for it; tells of processes in the task's network
 * namespaces alone. Of what is no HTTP/1 head, four bytes are looked at.
 *
 * Which socket an SSL belongs to is not in its memory at any place that all
 * versions share, so it is learnt from the thread: a socket that is read or
 * written inside an SSL call is that SSL's. Node and asyncio do not let OpenSSL
 * at the socket (memory BIOs): there the thread reads a TLS socket first, and
 * the next SSL call that reads is the one that takes these bytes.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "hoptoll.h"
#include "tls.h"
#include "exchange.h"
#include "registers.h"
#include "http1.h"
#include "plaintext.h"
#include "plaintext_maps.h"

char LICENSE[] SEC("license") = "GPL";

/* keeps the record's type in the object's BTF, which the agent checks its offsets against */
const struct plaintext_record *plaintext_type __attribute__((unused));

enum ssl_way { SSL_WRITES = 0, SSL_READS = 1, SSL_SHAKES_HANDS = 2 };

struct nsproxy {
	struct net *net_ns;
} __attribute__((preserve_access_index));

struct task_struct___namespaces {
	struct nsproxy *nsproxy;
} __attribute__((preserve_access_index));

static __always_inline __u32 netns_here(void)
{
	struct task_struct___namespaces *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
}

static __always_inline struct ssl_key key_of(__u64 ssl)
{
	struct ssl_key key = { ssl, bpf_get_current_pid_tgid() >> 32, 0 };

	return key;
}

static __always_inline void keep(void *map, const void *key, const void *value)
{
	long error = bpf_map_update_elem(map, key, value, BPF_ANY);

	if (error) {
		count(PLAINTEXT_MAPS);
		count_errno(PLAINTEXT_MAPS, error);
	}
}

/* What the thread has read from a socket is what this call decrypts. */
static __always_inline void tie_to_bytes_read(__u64 ssl, __u64 thread)
{
	struct plain_socket *read = bpf_map_lookup_elem(&sockets_read, &thread);
	struct ssl_key key = key_of(ssl);
	struct plain_socket copy;

	if (!read)
		return;
	copy = *read;
	keep(&ssl_sockets, &key, &copy);
	bpf_map_delete_elem(&sockets_read, &thread);
}

static __always_inline int call_begins(__u64 ssl, __u64 buffer, __u64 size_at, __u32 way)
{
	struct ssl_call call = { ssl, buffer, size_at, 0, netns_here(), 0, way };
	__u32 *head_bytes = bpf_map_lookup_elem(&plaintext_netns, &call.netns);
	__u64 thread = bpf_get_current_pid_tgid();

	if (!head_bytes) /* nobody asked for its namespace */
		return 0;
	call.head_bytes = *head_bytes;
	call.began = bpf_ktime_get_ns();
	keep(&ssl_calls, &thread, &call);
	if (way != SSL_WRITES)
		tie_to_bytes_read(ssl, thread);
	return 0;
}

SEC("uprobe")
int ssl_read_begins(struct probe_registers *ctx)
{
	return call_begins(PROBE_FIRST(ctx), PROBE_SECOND(ctx), 0, SSL_READS);
}

SEC("uprobe")
int ssl_write_begins(struct probe_registers *ctx)
{
	return call_begins(PROBE_FIRST(ctx), PROBE_SECOND(ctx), 0, SSL_WRITES);
}

SEC("uprobe")
int ssl_read_ex_begins(struct probe_registers *ctx)
{
	return call_begins(PROBE_FIRST(ctx), PROBE_SECOND(ctx), PROBE_FOURTH(ctx), SSL_READS);
}

SEC("uprobe")
int ssl_write_ex_begins(struct probe_registers *ctx)
{
	return call_begins(PROBE_FIRST(ctx), PROBE_SECOND(ctx), PROBE_FOURTH(ctx), SSL_WRITES);
}

/* Ties a client's first request, which is written before anything was read. */
SEC("uprobe")
int ssl_handshake_begins(struct probe_registers *ctx)
{
	return call_begins(PROBE_FIRST(ctx), 0, 0, SSL_SHAKES_HANDS);
}

static __always_inline void name_socket(struct plaintext_record *r, const struct ssl_call *call)
{
	struct ssl_key key = key_of(call->ssl);
	struct plain_socket *s = bpf_map_lookup_elem(&ssl_sockets, &key);

	r->header.kind = 0;
	r->header.schema = HOPTOLL_SCHEMA;
	r->header.size = sizeof(*r);
	r->header.emitted = bpf_ktime_get_ns();
	r->header.netns = call->netns;
	if (s) {
		r->header.socket_id = s->id;
		r->header.turn = s->turn;
		r->tuple = s->tuple;
		return;
	}
	count(PLAINTEXT_UNTIED);
	r->header.socket_id = 0;
	r->header.turn = 0;
	__builtin_memset(&r->tuple, 0, sizeof(r->tuple));
}

/* The agent asks for PLAINTEXT_BYTES at most; more is refused, which the verifier has to see. */
static __always_inline bool copied(void *to, __u64 take, __u64 most, __u64 from)
{
	/* the verifier forgets a bound that the compiler proved away */
	asm volatile("" : "+r"(take));
	return take <= most && !read_user(to, take, (const void *)from);
}

/* `first`: 0, or the byte that was read before these `size`. */
static __always_inline void tell(const struct ssl_call *call, __u64 size, __u32 first)
{
	struct plaintext_record *r = bpf_ringbuf_reserve(&plaintexts, sizeof(*r), 0);
	__u64 thread = bpf_get_current_pid_tgid(), take = call->head_bytes - (first != 0);

	if (!r) {
		count(PLAINTEXT_RING_FULL);
		return;
	}
	name_socket(r, call);
	r->connection = call->ssl;
	r->owner.tgid = thread >> 32;
	r->owner.tid = thread;
	bpf_get_current_comm(r->owner.comm, sizeof(r->owner.comm));
	r->at = call->way == SSL_READS ? r->header.emitted : call->began;
	r->flags = MESSAGE_TLS | (call->way == SSL_READS ? MESSAGE_IN : 0) | (call->is_go ? MESSAGE_GO : 0);
	if (take > size)
		take = size;
	r->bytes[0] = first;
	if (first ? !copied(r->bytes + 1, take, PLAINTEXT_BYTES - 1, call->buffer) :
		    !copied(r->bytes, take, PLAINTEXT_BYTES, call->buffer)) {
		count(PLAINTEXT_USER_READ);
		bpf_ringbuf_discard(r, BPF_RB_NO_WAKEUP);
		return;
	}
	r->length = take + (first != 0);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

/* `size` bytes went through; `first`: 0, or the byte that was read before them. */
static __always_inline void look(const struct ssl_call *call, __u64 size, __u32 first)
{
	__u32 word = 0;

	if (size < sizeof(word) || call->way == SSL_SHAKES_HANDS)
		return;
	if (read_user(&word, sizeof(word), (const void *)call->buffer)) {
		count(PLAINTEXT_USER_READ);
		return;
	}
	if (http1_is_request(word) || http1_is_response(word))
		first = 0; /* a head as it is: the byte was left by a connection that is gone */
	if (first)
		word = word << 8 | first;
	if (http1_is_request(word) || http1_is_response(word))
		tell(call, size, first);
	else if (word == WORD('P', 'R', 'I', ' '))
		count(PLAINTEXT_HTTP2);
}

/* Any of them returns. SSL_read and SSL_write give the size or an error, _ex 1 and the size elsewhere. */
SEC("uretprobe")
int ssl_call_returns(struct probe_registers *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), size = 0;
	struct ssl_call *found = bpf_map_lookup_elem(&ssl_calls, &thread);
	__s32 result = PROBE_RESULT(ctx);
	struct ssl_call call;

	if (!found)
		return 0;
	call = *found;
	bpf_map_delete_elem(&ssl_calls, &thread);
	if (result <= 0)
		return 0;
	if (!call.size_at)
		size = result;
	else if (read_user(&size, sizeof(size), (const void *)call.size_at))
		count(PLAINTEXT_USER_READ);
	look(&call, size, 0);
	return 0;
}

#include "plaintext_go.h"

/* A socket that exchange.bpf.c watches, and knows to be TLS, is read or written by the current thread. */
static __always_inline int socket_used(struct sock *sk, bool read)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct ssl_call *call = bpf_map_lookup_elem(&ssl_calls, &thread);
	struct socket_state *s = bpf_sk_storage_get(&sockets, sk, 0, 0);
	struct plain_socket socket = {};
	__u32 netns;
	struct ssl_key key;

	if (!s || s->tracked != TRACKED_YES || s->tls.known != TLS_YES)
		return 0;
	netns = s->r.header.netns;
	if (!call && !bpf_map_lookup_elem(&plaintext_netns, &netns))
		return 0;
	socket.tuple = s->r.tuple;
	socket.id = s->r.header.socket_id;
	socket.turn = s->turns;
	if (!call)
		call = go_call_here(read);
	if (call) {
		key = key_of(call->ssl);
		keep(&ssl_sockets, &key, &socket);
	} else if (read) {
		keep(&sockets_read, &thread, &socket);
	}
	return 0;
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;

	return (family == AF_INET || family == AF_INET6) && sk->sk_protocol == IPPROTO_TCP;
}

/* sock_recvmsg() returns, after exchange.bpf.c has looked: it attached first. 6.3 */
SEC("?tp_btf/sock_recv_length")
int BPF_PROG(plain_socket_read, struct sock *sk, int ret, int flags)
{
	return ret > 0 && is_tcp(sk) ? socket_used(sk, 1) : 0;
}

/* 6.3 */
SEC("?tp_btf/sock_send_length")
int BPF_PROG(plain_socket_written, struct sock *sk, int ret, int flags)
{
	return ret > 0 && is_tcp(sk) ? socket_used(sk, 0) : 0;
}

/* Before 6.3: at entry, where nobody knows yet whether there are bytes. */
SEC("?fentry/tcp_recvmsg")
int BPF_PROG(plain_socket_read_called, struct sock *sk)
{
	return socket_used(sk, 1);
}

SEC("?fentry/tcp_sendmsg")
int BPF_PROG(plain_socket_send_called, struct sock *sk)
{
	return socket_used(sk, 0);
}
