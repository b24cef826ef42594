#!/bin/bash
# build.sh OUT-DIR [SOURCE-DIR]: compiles the probes (or other BPF sources that include their headers) for each
# architecture into OUT-DIR/bpf/ARCH/. Called by Maven.
set -euo pipefail
out=$1/bpf
headers=$(cd "$(dirname "$0")/src/main/bpf" && pwd)
cd "${2:-$headers}"
for tool in clang llvm-strip; do
  command -v $tool >/dev/null || { echo "bpf: $tool is missing; install it: apt-get install clang llvm libbpf-dev" >&2; exit 1; }
done
# compile CPU TARGET: CPU as uname -m says it, TARGET as libbpf's headers name its registers.
compile() {
  mkdir -p "$out/$1"
  for source in *.bpf.c; do
    object=$out/$1/${source%.c}.o
    # asm/types.h is in the directory of the building machine, and the same for all
    clang -target bpf "-D__TARGET_ARCH_$2" -O2 -g -Wall -Werror -I"$headers" -I"/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "$object"
    llvm-strip -g "$object"
  done
}

compile x86_64 x86
compile aarch64 arm64
