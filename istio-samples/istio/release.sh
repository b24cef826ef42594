# shellcheck shell=bash
# Sourced: gets an Istio release (istioctl and the Bookinfo sample) into the cache, once.

ISTIO_VERSION=${ISTIO_VERSION:-1.29.2}

say() {
  printf 'hoptoll: %s\n' "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# need COMMAND FIX: fails with words where a command is missing.
need() {
  command -v "$1" >/dev/null || fail "there is no $1; $2"
}

need_cluster() {
  need kubectl "install it from the Kubernetes site or your distribution"
  kubectl version >/dev/null 2>&1 ||
    fail "kubectl reaches no cluster (context: $(kubectl config current-context 2>/dev/null || echo none)); start one, e.g. k3s, or choose a context"
}

# Prints the folder of the release.
istio_release() {
  local cache=${HOPTOLL_CACHE:-$HOME/.cache/hoptoll} arch
  local release=$cache/istio-$ISTIO_VERSION
  if [[ ! -x $release/bin/istioctl ]]; then
    need curl "install it: apt-get install curl"
    case $(uname -m) in
      x86_64) arch=amd64 ;;
      aarch64) arch=arm64 ;;
      *) fail "Istio has no release for $(uname -m)" ;;
    esac
    say "downloading Istio $ISTIO_VERSION to $release"
    mkdir -p "$cache"
    curl -fsSL "https://github.com/istio/istio/releases/download/$ISTIO_VERSION/istio-$ISTIO_VERSION-linux-$arch.tar.gz" |
      tar -xz -C "$cache" || fail "no Istio $ISTIO_VERSION could be downloaded; check the network, or set ISTIO_VERSION"
  fi
  printf '%s' "$release"
}
