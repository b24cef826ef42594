// SPDX-License-Identifier: GPL-2.0
/*
 * How long the threads of watched processes were ready to run and did not: the
 * time from wake-up or preemption to the CPU, summed by thread group. Nobody
 * else is recorded: a process that is not in `waited` costs one lookup.
 */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "counters.h"

char LICENSE[] SEC("license") = "GPL";

/* the field's type and name before 5.14 (commit 2f064a59a11f) and since */
struct task_struct___before_5_14 {
	long state;
} __attribute__((preserve_access_index));

struct task_struct___since_5_14 {
	unsigned int __state;
} __attribute__((preserve_access_index));

struct run_queue_wait {
	__u64 nanos;
	__u64 times;
};

/* By tgid. The agent adds and removes processes and reads; probes add up. 1,024 x 16 bytes a CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct run_queue_wait);
} waited SEC(".maps");

/* Since when a thread waits, 0: it does not. Probes write and read; the kernel frees it with the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} ready_since SEC(".maps");

enum run_queue_failure {
	RUN_QUEUE_FAILURE_STORAGE, /* of a thread: this wait of it is not counted */
	RUN_QUEUE_FAILURES,
};

COUNTERS(run_queue_failures, RUN_QUEUE_FAILURES)

static __always_inline struct run_queue_wait *wait_of(const struct task_struct *task)
{
	__u32 tgid = task->tgid;

	return tgid ? bpf_map_lookup_elem(&waited, &tgid) : 0;
}

static __always_inline bool sleeps(const struct task_struct *task)
{
	const struct task_struct___before_5_14 *before = (const void *)task;
	const struct task_struct___since_5_14 *since = (const void *)task;

	if (bpf_core_field_exists(since->__state))
		return since->__state;
	return before->state;
}

static __always_inline __u64 *ready_made(struct task_struct *task)
{
	__u64 *since = bpf_task_storage_get(&ready_since, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!since) /* the helper tells no errno */
		count(RUN_QUEUE_FAILURE_STORAGE);
	return since;
}

/* A thread that is woken while it runs, or waits already, begins no new wait. */
static __always_inline int woken(struct task_struct *task)
{
	__u64 *ready;

	if (!wait_of(task))
		return 0;
	ready = ready_made(task);
	if (ready && !*ready)
		*ready = bpf_ktime_get_ns();
	return 0;
}

/* ttwu_do_wakeup() ← try_to_wake_up(): the thread is on a run queue now. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(thread_woken, struct task_struct *task)
{
	return woken(task);
}

/* wake_up_new_task() ← clone(): likewise. */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(thread_begins, struct task_struct *task)
{
	return woken(task);
}

static __always_inline void leaves_cpu(struct task_struct *task, bool preempted)
{
	bool ready = preempted || !sleeps(task);
	__u64 *since;

	if (!wait_of(task))
		return;
	since = ready ? ready_made(task) : bpf_task_storage_get(&ready_since, task, 0, 0);
	if (since)
		*since = ready ? bpf_ktime_get_ns() : 0;
}

static __always_inline void enters_cpu(struct task_struct *task)
{
	struct run_queue_wait *wait = wait_of(task);
	__u64 *since;

	if (!wait)
		return;
	since = bpf_task_storage_get(&ready_since, task, 0, 0);
	if (!since || !*since) /* it waited since before it was watched */
		return;
	wait->nanos += bpf_ktime_get_ns() - *since; /* this CPU's slot, interrupts are off */
	wait->times++;
	*since = 0;
}

/* __schedule(), with the run queue locked: `preempted` ones stay ready whatever their state says. */
SEC("tp_btf/sched_switch")
int BPF_PROG(cpu_switched, bool preempted, struct task_struct *from, struct task_struct *to)
{
	leaves_cpu(from, preempted);
	enters_cpu(to);
	return 0;
}
