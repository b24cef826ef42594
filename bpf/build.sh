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
mkdir -p "$out/x86_64"
for source in *.bpf.c; do
  object=$out/x86_64/${source%.c}.o
  clang -target bpf -D__TARGET_ARCH_x86 -O2 -g -Wall -Werror -I"$headers" -I/usr/include/x86_64-linux-gnu -c "$source" -o "$object"
  llvm-strip -g "$object"
done
