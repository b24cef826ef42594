/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that differs between processors: where a system call keeps its number and
 * its second argument, the numbers of those that read, and where a function's
 * arguments and result are. A 32-bit program's calls have other numbers, none of
 * which is here and reads a socket: their bytes are counted, not looked at.
 */
#pragma once
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* Saved as the system call began; found by name, relocated (arch/.../include/asm/ptrace.h). */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

struct pt_regs {
	unsigned long r14;
	unsigned long si;
	unsigned long orig_ax;
};

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	__u64 regs[31];
	__s32 syscallno;
};

#endif

#pragma clang attribute pop

#if defined(__TARGET_ARCH_x86)

/* arch/x86/entry/syscalls/syscall_64.tbl */
enum reading_calls { NR_READ = 0, NR_READV = 19, NR_RECVFROM = 45, NR_RECVMSG = 47, NR_RECVMMSG = 299 };

static __always_inline long syscall_number(const struct pt_regs *r)
{
	return BPF_CORE_READ(r, orig_ax);
}

static __always_inline const void *syscall_second(const struct pt_regs *r)
{
	return (const void *)BPF_CORE_READ(r, si);
}

/* Go keeps its goroutine's descriptor (g) here, in system calls too (src/cmd/compile/abi-internal.md). */
static __always_inline __u64 syscall_goroutine(const struct pt_regs *r)
{
	return BPF_CORE_READ(r, r14);
}

/* What a kprobe or uprobe is given: the user ABI's struct pt_regs, not relocated. */
struct probe_registers {
	__u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
};

#define PROBE_FIRST(ctx) ((ctx)->di)
#define PROBE_SECOND(ctx) ((ctx)->si)
#define PROBE_THIRD(ctx) ((ctx)->dx)
#define PROBE_FOURTH(ctx) ((ctx)->cx)
#define PROBE_FIFTH(ctx) ((ctx)->r8)
#define PROBE_RESULT(ctx) ((ctx)->ax)

/* Go's own convention, from 1.17 on */
#define GO_FIRST(ctx) ((ctx)->ax)
#define GO_SECOND(ctx) ((ctx)->bx)
#define GO_THIRD(ctx) ((ctx)->cx)
#define GO_RESULT(ctx) ((ctx)->ax)
#define GO_GOROUTINE(ctx) ((ctx)->r14)

#elif defined(__TARGET_ARCH_arm64)

/* include/uapi/asm-generic/unistd.h */
enum reading_calls { NR_READ = 63, NR_READV = 65, NR_RECVFROM = 207, NR_RECVMSG = 212, NR_RECVMMSG = 243 };

static __always_inline long syscall_number(const struct pt_regs *r)
{
	return BPF_CORE_READ(r, syscallno);
}

/* x0 is the result's too; x1 stays as it came */
static __always_inline const void *syscall_second(const struct pt_regs *r)
{
	return (const void *)BPF_CORE_READ(r, regs[1]);
}

static __always_inline __u64 syscall_goroutine(const struct pt_regs *r)
{
	return BPF_CORE_READ(r, regs[28]);
}

/* What a kprobe or uprobe is given: struct user_pt_regs. Arguments in x0 to x7, the result in x0 (AAPCS64). */
struct probe_registers {
	__u64 x[31], sp, pc, pstate;
};

#define PROBE_FIRST(ctx) ((ctx)->x[0])
#define PROBE_SECOND(ctx) ((ctx)->x[1])
#define PROBE_THIRD(ctx) ((ctx)->x[2])
#define PROBE_FOURTH(ctx) ((ctx)->x[3])
#define PROBE_FIFTH(ctx) ((ctx)->x[4])
#define PROBE_RESULT(ctx) ((ctx)->x[0])

/* Go's own convention, from 1.18 on */
#define GO_FIRST(ctx) ((ctx)->x[0])
#define GO_SECOND(ctx) ((ctx)->x[1])
#define GO_THIRD(ctx) ((ctx)->x[2])
#define GO_RESULT(ctx) ((ctx)->x[0])
#define GO_GOROUTINE(ctx) ((ctx)->x[28])

#else
#error "registers of this processor are not known: see __TARGET_ARCH in bpf/build.sh"
#endif
