#!/usr/bin/env bash
# Installs Istio's Bookinfo sample into the namespace bookinfo, behind the ingress gateway.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../istio/release.sh
source "$here/../istio/release.sh"

need_cluster
release=$(istio_release)
kubectl create namespace bookinfo --dry-run=client -o yaml | kubectl apply -f -
kubectl label namespace bookinfo istio-injection=enabled --overwrite
kubectl -n bookinfo apply -f "$release/samples/bookinfo/platform/kube/bookinfo.yaml"
kubectl apply -f "$here/gateway.yaml"
kubectl -n bookinfo wait --for=condition=Available deployment --all --timeout=300s ||
  fail "Bookinfo does not become ready; kubectl -n bookinfo get pods says why"
say "Bookinfo runs; next: traffic.sh"
