# shellcheck shell=bash
# `hoptoll test --kernels`: boots Debian's own kernels in QEMU and runs the agent's live tests in
# each. No root needed, nor KVM: the processor is emulated (5 to 30 times slower), so a guest has a
# RAM disk with busybox, a small JRE and the test classes, and nothing else. A guest takes 10 to 25
# minutes, all five an hour or more.

kernel_packages=(qemu-system-x86 busybox-static cpio libbpf1)
kernel_versions=(5.10 6.1 6.12 6.18 newest)
kernel_cache=$cache/kernels
guest_seconds=1800 # of one boot with one set of hooks

# run_kernel_tests [--hooks auto,fentry,...] [VERSION...]
run_kernel_tests() {
  local hooks=auto versions=() version failed=0 log=$root/.hoptoll/log
  while [[ $# -gt 0 ]]; do
    case $1 in
      --hooks) hooks=${2:?--hooks wants a list such as auto,fentry,kprobes} && shift 2 ;;
      *) versions+=("$1") && shift ;;
    esac
  done
  [[ ${#versions[@]} -gt 0 ]] || versions=("${kernel_versions[@]}")
  install_packages "${build_packages[@]}" "${kernel_packages[@]}"
  require_jdk_and_maven
  mkdir -p "$kernel_cache" "$log"
  step "lists of Debian's kernels" "$log/kernel-lists.log" update_kernel_lists ||
    fail "the lists of Debian's kernels cannot be had" "$log/kernel-lists.log" "check the network and apt's sources"
  step "build of the agent's tests" "$log/kernel-build.log" build_agent_tests ||
    fail "the build failed" "$log/kernel-build.log" "mend the first [ERROR] above"
  step "RAM disk for the guests" "$log/kernel-disk.log" make_ram_disk ||
    fail "the guests' RAM disk cannot be made" "$log/kernel-disk.log" "read its last lines"
  for version in "${versions[@]}"; do
    test_kernel "$version" "$hooks" || failed=1
  done
  return "$failed"
}

# apt with lists and cache of its own, for releases that this machine does not use.
apt_for_kernels() {
  local program=$1
  "$program" -q -o Dir::Etc::SourceList="$kernel_cache/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$kernel_cache/lists" -o Dir::Cache="$kernel_cache/cache" "${@:2}"
}

# The mirrors are those of this machine.
update_kernel_lists() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg main security suite
  main=$(debian_mirror '^[^-]*$')
  security=$(debian_mirror '-security$')
  [[ -n $main ]] || { echo "apt knows no mirror of Debian"; return 1; }
  mkdir -p "$kernel_cache"/{lists,cache/archives}/partial
  {
    for suite in bullseye bookworm trixie trixie-backports; do echo "deb [signed-by=$key] $main $suite main"; done
    for suite in bullseye bookworm trixie; do
      [[ -z $security ]] || echo "deb [signed-by=$key] $security $suite-security main"
    done
  } >"$kernel_cache/sources.list"
  # a release that this mirror no longer has is not worth an error: which kernels there are shows below
  apt_for_kernels apt-get update || true
  [[ -n $(kernel_releases) ]]
}

# Prints the address of this machine's mirror of the Debian suite whose name fits.
debian_mirror() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI)' |
    awk -v suite="$1" '$1 == "Debian" && $2 ~ suite {print $3; exit}'
}

# Prints the releases that can be had, oldest first: 6.1.0-56, 6.18.15+deb13, ...
kernel_releases() {
  apt_for_kernels apt-cache search --names-only '^linux-(image|binary)-[0-9].*-cloud-amd64$' |
    sed -nE 's/^linux-(image|binary)-([0-9]+\.[0-9]+[.][^ ]*)-cloud-amd64 .*/\2/p' | sort -Vu
}

# newest_of VERSION: the newest release of 6.12, or of all.
newest_of() {
  local pattern=.
  [[ $1 == newest ]] || pattern="^${1//./\\.}\\."
  kernel_releases | { grep "$pattern" || true; } | tail -n 1
}

# fetch_kernel RELEASE: downloads the package, and keeps the image as RELEASE.vmlinuz.
fetch_kernel() {
  local release=$1 dir=$kernel_cache/$1.part package
  rm -rf "$dir" && mkdir -p "$dir" && cd "$dir" || return 1
  # from 6.19 on the image is in a package of its own
  for package in linux-binary linux-image; do
    apt_for_kernels apt-get download "$package-$release-cloud-amd64" && break
  done
  dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards --no-anchored 'vmlinuz*' &&
    mv "$(find "$dir" -type f -name 'vmlinuz*' -print -quit)" "$kernel_cache/$release.vmlinuz" &&
    rm -rf "$dir"
}

build_agent_tests() {
  maven -q -pl ebpf-agent -am -Dspotless.skip test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
}

# make_ram_disk: $kernel_cache/disk.gz
make_ram_disk() {
  local disk=$kernel_cache/disk library bpf part number=10
  rm -rf "$disk"{,.gz} && mkdir -p "$disk"/{bin,etc,proc,sys,dev,tmp,app} || return 1
  install -m 755 "$(command -v busybox)" "$disk/bin/busybox" &&
    install -m 755 "$root/launcher/kernels.init" "$disk/init" || return 1
  echo "127.0.0.1 localhost guest" >"$disk/etc/hosts"
  "$(dirname "$(readlink -f "$(command -v "$(java_command)")")")/jlink" --output "$disk/jre" \
    --add-modules java.base,java.logging,java.naming,java.management,jdk.crypto.ec,jdk.httpserver,jdk.unsupported --strip-debug --no-header-files --no-man-pages || return 1
  bpf=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n 's/.*libbpf\.so\.1 .*=> //p' | head -n 1)
  for library in $(needed_by "$bpf" "$disk/jre/bin/java" "$disk"/jre/lib/{,server/}*.so) "$bpf"; do
    install -D -m 755 "$library" "$disk$library" || return 1
  done
  for part in "$root/ebpf-agent/target/test-classes" "$root/ebpf-agent/target/classes" $(tr : ' ' <"$root/ebpf-agent/target/test.classpath"); do
    cp -RL "$part" "$disk/app/$number-$(basename "$part")" || return 1
    number=$((number + 1))
  done
  cd "$disk" && find . | cpio -o -H newc --quiet | gzip -1 >"$kernel_cache/disk.gz"
}

# Prints the libraries outside the disk that these programs are linked with.
needed_by() {
  local program
  for program; do
    ldd "$program" | sed -nE 's/^.*(=> |^\t)(\/[^ ]*) \(.*/\2/p'
  done | grep -v "^$kernel_cache" | sort -u
}

# test_kernel VERSION HOOKS: a boot for each set of hooks, a line for each.
test_kernel() {
  local release hooks status=0 log
  release=$(newest_of "$1")
  [[ -n $release ]] || { say "Linux $1: no such kernel at this mirror" && return 1; }
  [[ -f $kernel_cache/$release.vmlinuz ]] ||
    step "download of Linux $release" "$root/.hoptoll/log/kernel-$release.log" fetch_kernel "$release" || return 1
  for hooks in ${2//,/ }; do
    log=$root/.hoptoll/log/kernel-$release-$hooks.log
    step "Linux $release, hooks $hooks" "$log" boot_kernel "$release" "$hooks" || true
    if ! tr -d '\r' <"$log" | grep -a '^RESULT ' || ! grep -qa '^RESULT.*: all ' "$log"; then
      say "Linux $release, hooks $hooks: not all tests passed; see $log"
      status=1
    fi
  done
  return "$status"
}

# One thread for both emulated processors: with one each, what one of them does to its code (tracepoints of the
# scheduler) met the other halfway, and 6.12 died of int3.
boot_kernel() {
  timeout --foreground "$guest_seconds" qemu-system-x86_64 -accel tcg,thread=single -cpu max -m 1500 -smp 2 \
    -nographic -no-reboot -kernel "$kernel_cache/$1.vmlinuz" -initrd "$kernel_cache/disk.gz" \
    -append "console=ttyS0 quiet panic=-1 hoptoll.hooks=$2"
}
