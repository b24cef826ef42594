# shellcheck shell=bash
# What `agent` and `server` keep of root's rights; the rest is given up before the JVM starts, for
# good. `demo`, `test` and `bench` make network namespaces and cgroups and keep all.

# rights_kept_by COMMAND: prints capabilities as setpriv names them, or nothing: all are kept.
rights_kept_by() {
  case $1 in
    agent | server) ;;
    *) return 0 ;;
  esac
  local kept=(
    bpf             # load probes, make their maps
    perfmon         # attach them: tracepoints, kernel functions
    sys_ptrace      # network namespaces and programs of other users' processes under /proc
    syslog          # names of the kernel's functions where packets are dropped
    dac_read_search # jars in a home directory of mode 700; libraries of profiled processes
  )
  if memlock_counts_bpf; then
    kept+=(sys_resource) # raises the limit of locked memory
  fi
  if [[ $1 == server ]]; then
    kept+=(net_bind_service) # http.port, als.listen below 1024
  fi
  if [[ ${HOPTOLL_READ_TLS:-} == on ]]; then
    kept+=(sys_admin) # uprobes at profiled processes' TLS libraries: from 6.16 on for no less
  fi
  printf '%s\n' "${kept[@]}"
}

# From 5.11 on the kernel charges BPF memory to the cgroup instead.
memlock_counts_bpf() {
  local major minor
  IFS=.- read -r major minor _ < <(uname -r)
  ((major < 5 || (major == 5 && minor < 11)))
}

# with_rights_of COMMAND PROGRAM ARGS...: becomes the program. Another user than root has what the
# system gave it, and nothing to give up.
with_rights_of() {
  local set=-all name names
  names=$(rights_kept_by "$1")
  if [[ -z $names || $EUID -ne 0 ]] || ! command -v setpriv >/dev/null; then
    exec "${@:2}"
  fi
  for name in $names; do
    set+=,+$name
  done
  exec setpriv --no-new-privs --inh-caps=-all --bounding-set="$set" "${@:2}"
}
