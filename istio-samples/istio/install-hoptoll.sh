#!/usr/bin/env bash
# Builds Hoptoll's image, brings it to the cluster's nodes and starts it, on several nodes with an agent on each:
#   install-hoptoll.sh [--node NAME] [--upstream-log]
#   --node NAME     on a cluster of several nodes: watch the sockets of this one only, without agents
#   --upstream-log  also apply envoy-filter.yaml (Istio 1.29 and newer)
#   HOPTOLL_IMAGE   an image that the cluster can pull; nothing is built then
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=release.sh
source "$here/release.sh"
image=${HOPTOLL_IMAGE:-}
node=
upstream_log=false

parse() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --node)
        node=${2:?--node needs a name}
        shift
        ;;
      --upstream-log) upstream_log=true ;;
      *) fail "unknown option '$1'; usage: install-hoptoll.sh [--node NAME] [--upstream-log]" ;;
    esac
    shift
  done
}

# Each node has an agent of its own; the server then loads no probes.
install_agents() {
  kubectl apply -f "$here/agents.yaml"
  kubectl -n hoptoll set image daemonset/hoptoll-agent "agent=$image"
  kubectl -n hoptoll set env deployment/hoptoll HOPTOLL_BPF=false HOPTOLL_PODS=none
  kubectl -n hoptoll rollout status daemonset/hoptoll-agent --timeout=180s ||
    fail "not every agent runs; kubectl -n hoptoll get pods -o wide says where"
}

build_image() {
  image=hoptoll:0.1.0
  need docker "install it, or set HOPTOLL_IMAGE to an image the cluster can pull"
  say "building $image"
  git -C "$here/../.." archive HEAD |
    DOCKER_BUILDKIT=1 docker build -q -f istio-samples/istio/Dockerfile -t "$image" - >/dev/null
}

# Clusters that do not share docker's images are given this one.
load_image() {
  local context
  context=$(kubectl config current-context)
  case $context in
    kind-*)
      say "this is kind: its node has a PID namespace of its own, so CPU quota and frozen processes are not seen"
      kind load docker-image "$image" --name "${context#kind-}"
      ;;
    k3d-*) k3d image import "$image" --cluster "${context#k3d-}" ;;
    minikube) minikube image load "$image" ;;
    *)
      if command -v k3s >/dev/null; then
        docker save "$image" | k3s ctr images import -
      else
        say "the node must have $image; if its pod stays in ErrImagePull, push it and set HOPTOLL_IMAGE"
      fi
      ;;
  esac
}

parse "$@"
need_cluster
mapfile -t nodes < <(kubectl get nodes -o name)
if [[ -z $image ]]; then
  build_image
  load_image
fi
kubectl apply -f "$here/hoptoll.yaml"
kubectl -n hoptoll set image deployment/hoptoll "hoptoll=$image"
if [[ -n $node ]]; then
  kubectl -n hoptoll patch deployment hoptoll --type=merge \
    -p "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"kubernetes.io/hostname\":\"$node\"}}}}}"
fi
if [[ ${#nodes[@]} -gt 1 && -z $node ]]; then
  install_agents
fi
if $upstream_log; then
  kubectl apply -f "$here/envoy-filter.yaml"
fi
kubectl -n hoptoll rollout status deployment/hoptoll --timeout=180s ||
  fail "the pod does not become ready; kubectl -n hoptoll logs deployment/hoptoll says why"
say "Hoptoll runs; what it cannot see here: diagnose.sh --health"
