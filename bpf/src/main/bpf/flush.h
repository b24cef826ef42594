/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Run by the agent every 200 ms, over all sockets: reports turns that rest, so
 * that the last exchange of a kept-alive connection and a hung request are
 * seen. The turn stays open; if it goes on it is reported again.
 */
#pragma once

static __always_inline void flush_if_idle(struct sock *sk, struct socket_state *s)
{
	struct burst *b;
	__u64 now, last;
	__u32 zero = 0;

	if (!sk || !s) { /* the walk is over */
		bpf_map_update_elem(&sockets_watched, &zero, &sockets_walked, BPF_ANY);
		sockets_walked = 0;
		return;
	}
	if (s->tracked != TRACKED_YES)
		return;
	sockets_walked++;
	now = bpf_ktime_get_ns();
	b = has_bursts(s) ? burst_find(sk) : 0;
	if (b && b->more && now > b->last + BURST_GAP_NS)
		report_burst(s, b, now);
	if (b && b->more)
		want_walk();
	if (!s->dirty)
		return;
	last = s->r.read_last > s->r.send_last ? s->r.read_last : s->r.send_last;
	if (last && now > last && now - last > flush_after_ns)
		report(sk, tcp_of(sk), s, now, EXCHANGE_FLUSHED, 0);
	else
		want_walk();
}

#ifdef HOPTOLL_PROBED
SEC("?iter/bpf_map_elem")
int flush_idle_turns(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 *key = ctx->key;

	flush_if_idle(key ? (struct sock *)*key : 0, ctx->value);
	return 0;
}
#else
SEC("?iter/bpf_sk_storage_map")
int flush_idle_turns(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	flush_if_idle(ctx->sk, ctx->value);
	return 0;
}
#endif

/*
 * The same where programs may not walk maps: by all processes' files. Dearer; a socket that two
 * processes hold is come by, and counted, twice.
 */
SEC("?iter/task_file")
int flush_idle_turns_by_file(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct socket_state *s;
	struct sock *sk;

	if (!file) {
		flush_if_idle(0, 0);
		return 0;
	}
	sk = sock_of(file);
	if (!sk || !is_tcp(sk))
		return 0;
	s = storage_find(sk);
	if (s)
		flush_if_idle(sk, s);
	return 0;
}
