# shellcheck shell=bash
# `hoptoll doctor`: each need with what was found and, where it is missing, the fix. Changes
# nothing; iptables is tried in a network namespace that ends with the try.

doctor() {
  unmet=0
  printf 'To build\n'
  check_jdk
  check_maven
  check_clang
  check_file "libbpf headers" /usr/include/bpf/bpf_helpers.h "apt-get install libbpf-dev"
  printf 'To see sockets (agent, demo; without: --no-bpf, access logs only)\n'
  check_agent_rights
  check_tls_rights
  check_file "kernel types (BTF)" /sys/kernel/btf/vmlinux "boot a kernel with CONFIG_DEBUG_INFO_BTF=y (Debian's has it)"
  check_hooks
  check_libbpf
  check_memlock
  printf 'To run the minimesh (demo, test)\n'
  check_mesh_rights
  check_envoy
  check_iptables
  check_cpu_quota
  check_memory
  printf 'To serve\n'
  check_port 18080 "API and page"
  check_port 18090 "access logs (ALS)"
  [[ $unmet -eq 0 ]] || printf '%s missing\n' "$unmet"
  [[ $unmet -eq 0 ]]
}

ok() {
  printf '  ok       %-22s %s\n' "$1" "$2"
}

# missing NEED FOUND FIX
missing() {
  unmet=$((unmet + 1))
  printf '  missing  %-22s %s\n           %-22s fix: %s\n' "$1" "$2" '' "$3"
}

check_file() {
  if [[ -r $2 ]]; then ok "$1" "$2"; else missing "$1" "no $2" "$3"; fi
}

check_jdk() {
  local version
  if version=$(jdk_version) && [[ $version -ge 17 ]]; then
    ok "JDK 17 or newer" "$version, $(command -v "$(java_command)")"
  else
    missing "JDK 17 or newer" "${version:-no javac beside java}" "apt-get install openjdk-17-jdk-headless"
  fi
}

check_maven() {
  local maven
  if maven=$(mvn -v 2>/dev/null | sed -n '1s/.*Maven \([0-9.]*\).*/\1/p') && [[ -n $maven ]]; then
    ok Maven "$maven"
  else
    missing Maven "no mvn on the PATH that runs" "apt-get install maven"
  fi
}

check_clang() {
  if printf 'int x;' | clang -target bpf -c -x c - -o /dev/null 2>/dev/null && command -v llvm-strip >/dev/null; then
    ok "clang for BPF" "$(clang --version | head -n 1), llvm-strip"
  else
    missing "clang for BPF" "no clang with a BPF target, or no llvm-strip" "apt-get install clang llvm"
  fi
}

# check_rights NEED FIX NAME=BIT...: bits of linux/capability.h.
check_rights() {
  local held each lacked='' names=''
  held=0x$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
  for each in "${@:3}"; do
    names+=" CAP_${each%=*}"
    (((held >> ${each#*=}) & 1)) || lacked+=" CAP_${each%=*}"
  done
  if [[ -z $lacked ]]; then
    ok "$1" "uid $EUID with$names"
  else
    missing "$1" "uid $EUID lacks$lacked" "$2"
  fi
}

check_agent_rights() {
  local list=(BPF=39 PERFMON=38 SYS_PTRACE=19 SYSLOG=34)
  if memlock_counts_bpf; then
    list+=(SYS_RESOURCE=24)
  fi
  check_rights "rights to trace" "run as root (sudo); in a container: securityContext.capabilities.add as in istio-samples/istio/agents.yaml" "${list[@]}"
}

# Linux 6.16, and older ones with its backports, make uprobes for no less (docs/kernels.md).
check_tls_rights() {
  local need="rights to read TLS"
  if [[ ${HOPTOLL_READ_TLS:-} == on ]]; then
    check_rights "$need" "run as root (sudo); in a container: SYS_ADMIN in securityContext.capabilities.add; or leave HOPTOLL_READ_TLS unset" SYS_ADMIN=21
  else
    printf '  off      %-22s %s\n' "$need" "profile --tls wants CAP_SYS_ADMIN on Linux 6.16 and its backports: HOPTOLL_READ_TLS=on ./hoptoll server keeps it"
  fi
}

check_mesh_rights() {
  check_rights "rights for a mesh" "run as root (sudo)" NET_ADMIN=12 SYS_ADMIN=21 SETUID=7 SETGID=6 DAC_OVERRIDE=1
}

# The names of a kernel's hooks are in its BTF, as text. Which set the kernel accepts shows at the
# start of the agent; this says which it will try first (io.hoptoll.agent.HookSet).
check_hooks() {
  local name absent=0 kernel
  kernel="kernel $(uname -r)"
  if ! in_btf BPF_MAP_TYPE_RINGBUF || ! in_btf btf_trace_inet_sock_set_state; then
    missing "socket hooks" "$kernel has no BPF ring buffer" "a kernel of 5.8 or newer"
    return
  fi
  for name in sk_data_ready sock_recv_length tcp_sendmsg_locked sock_send_length; do
    in_btf "btf_trace_$name" || absent=$((absent + 1))
  done
  case $absent in
    0) ok "socket hooks" "tracepoints alone, $kernel" ;;
    4) ok "socket hooks" "fentry; where the kernel refuses it, kprobes; $kernel" ;;
    *) ok "socket hooks" "tracepoints and fentry; where the kernel refuses those, kprobes; $kernel" ;;
  esac
}

in_btf() {
  grep -qa "$1" /sys/kernel/btf/vmlinux 2>/dev/null
}

check_libbpf() {
  local library
  library=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | sed -n 's/.*libbpf\.so\.1 .*=> //p' | head -n 1)
  if [[ -n $library ]]; then ok libbpf.so.1 "$library"; else missing libbpf.so.1 "ldconfig knows none" "apt-get install libbpf1"; fi
}

# From 5.11 on the kernel charges BPF memory to the cgroup and the limit plays no part.
check_memlock() {
  local limit
  limit=$(ulimit -l)
  if ! memlock_counts_bpf; then
    ok memlock "$limit KiB, which kernel $(uname -r) does not count BPF against"
  elif [[ $limit == unlimited ]]; then
    ok memlock "$limit"
  else
    missing memlock "$limit KiB" "ulimit -l unlimited"
  fi
}

check_envoy() {
  local envoy=${HOPTOLL_ENVOY:-$(installed_envoy)} version
  if [[ -n $envoy ]] && envoy_is_usable "$envoy" 2>/dev/null && version=$("$envoy" --version 2>/dev/null); then
    ok Envoy "$(sed -n 's|.*version: [^/]*/\([^/]*\)/.*|\1|p' <<<"$version"), $envoy"
  else
    missing Envoy "${envoy:-not installed}" "./hoptoll install, or set HOPTOLL_ENVOY to a binary that uid 1337 can run"
  fi
}

check_iptables() {
  local said
  if said=$(PATH=$PATH:/sbin:/usr/sbin unshare --net sh -c '
      iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 15001 &&
      iptables -t mangle -A FORWARD -j NFQUEUE --queue-num 1 --queue-bypass' 2>&1); then
    ok "iptables" "REDIRECT and NFQUEUE accepted in a new network namespace"
  else
    missing "iptables" "$(tail -n 1 <<<"$said")" "run as root; apt-get install iptables; modprobe xt_REDIRECT xt_NFQUEUE"
  fi
}

check_cpu_quota() {
  if [[ -w /sys/fs/cgroup/cpu/cpu.shares || -w /sys/fs/cgroup/cpu/cgroup.procs ]]; then
    ok "cgroup cpu quota" "v1, /sys/fs/cgroup/cpu"
  elif [[ -w /sys/fs/cgroup/cgroup.procs ]] && grep -qw cpu /sys/fs/cgroup/cgroup.controllers; then
    ok "cgroup cpu quota" "v2, /sys/fs/cgroup"
  else
    missing "cgroup cpu quota" "no writable cpu controller" "run as root; mount -t cgroup -o cpu none /sys/fs/cgroup/cpu"
  fi
}

check_memory() {
  local available
  available=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  if ((available >= 2048)); then
    ok memory "$available MiB available"
  else
    missing memory "$available MiB available" "2048 MiB: seven Envoys, their apps, one JVM and the build"
  fi
}

# /proc/net/tcp: second column is the local address in hex, fourth the state; 0A is LISTEN.
check_port() {
  local hex
  printf -v hex ':%04X$' "$1"
  if awk -v port="$hex" '$4 == "0A" && $2 ~ port {found = 1} END {exit !found}' /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
    missing "port $1" "$2: taken" "end the program that listens there (ss -ltnp 'sport = :$1')"
  else
    ok "port $1" "$2: free"
  fi
}
