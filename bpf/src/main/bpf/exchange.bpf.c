// SPDX-License-Identifier: GPL-2.0
/*
 * One record per request/response turn of every TCP socket, and one per
 * connection: no syscall hook, no fd table. Five events of each socket (handlers.h)
 * by the hooks that the kernel at hand has (hooks.h).
 */
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
#include "account.h"
#include "socket.h"
#include "life.h"
#include "heads.h"
#include "messages.h"
#include "report.h"
#include "burst.h"
#include "tls_socket.h"
#include "iov.h"
#include "frames.h"
#include "handlers.h"

char LICENSE[] SEC("license") = "GPL";

/* keeps the records' types in the object's BTF, which the agent checks its offsets against */
const struct exchange_record *exchange_type __attribute__((unused));
const struct connection_record *connection_type __attribute__((unused));
const struct burst_record *burst_type __attribute__((unused));
const struct head_record *head_type __attribute__((unused));
const struct long_head_record *long_head_type __attribute__((unused));
const struct message_record *message_type __attribute__((unused));
const struct long_message_record *long_message_type __attribute__((unused));
const struct frame_record *frame_type __attribute__((unused));

#ifdef HOPTOLL_PROBED
#include "hooks_probed.h"
#else
#include "hooks.h"
#endif
#include "flush.h"

/* First pass over all processes' files: ports that are listened on, by netns. */
SEC("iter/task_file")
int list_listeners(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct sock *sk = sock_of(file);

	if (sk && is_tcp(sk) && READ(sk, __sk_common.skc_state) == TCP_LISTEN)
		listener_note(sk);
	return 0;
}

/* Second pass: sockets older than the agent. */
SEC("iter/task_file")
int adopt_sockets(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct sock *sk = sock_of(file);
	struct task_struct *task = ctx->task;

	if (!sk || !is_tcp(sk) || READ(sk, __sk_common.skc_state) != TCP_ESTABLISHED)
		return 0;
	if (self_tgid && task && task->tgid == self_tgid)
		return 0;
	state_adopted(sk);
	return 0;
}
