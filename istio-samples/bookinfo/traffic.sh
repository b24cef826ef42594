#!/usr/bin/env bash
# Sends requests for /productpage through the ingress gateway: traffic.sh [REQUESTS-PER-SECOND] | --stop
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../istio/release.sh
source "$here/../istio/release.sh"

rate=${1:-20}
need_cluster
if [[ $rate == --stop ]]; then
  kubectl delete --ignore-not-found -f "$here/traffic.yaml"
  exit
fi
[[ $rate =~ ^[1-9][0-9]{0,4}$ ]] || fail "'$rate' is no rate; usage: traffic.sh [REQUESTS-PER-SECOND] | --stop"
kubectl apply -f "$here/traffic.yaml"
kubectl -n hoptoll-traffic set env deployment/traffic "QPS=$rate"
kubectl -n hoptoll-traffic rollout status deployment/traffic --timeout=120s
say "$rate requests a second; next: ../istio/diagnose.sh /productpage"
