// SPDX-License-Identifier: GPL-2.0
/* The exchange probes for kernels without typed pointers at their hooks: by kprobes, see access.h. */
#define HOPTOLL_PROBED
#include "exchange.bpf.c"
