#!/usr/bin/env bash
# Injects one fault into Bookinfo, or removes it: inject-fault.sh NAME | none
#   ratings-delay    fault filter of reviews' sidecar holds calls to ratings for 400 ms
#   slow-ratings     the app ratings waits 7 s in half of its answers
#   pool-limit       productpage's sidecar may have one connection to each reviews pod
#   starved-sidecar  the sidecar of details gets a CPU quota of 5 % of a core
# Each prints what Hoptoll should name. Watch for a minute of traffic before and after.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../istio/release.sh
source "$here/../istio/release.sh"
usage="usage: inject-fault.sh ratings-delay | slow-ratings | pool-limit | starved-sidecar | none"

# proxy_quota VALUE: JSON of Istio's annotations for the sidecar's CPU, null to remove them.
proxy_quota() {
  printf '{"spec":{"template":{"metadata":{"annotations":{"sidecar.istio.io/proxyCPU":%s,"sidecar.istio.io/proxyCPULimit":%s}}}}}' "$1" "$1"
}

remove_all() {
  kubectl -n bookinfo delete --ignore-not-found virtualservice/hoptoll-fault destinationrule/hoptoll-fault
  kubectl -n bookinfo set env deployment/ratings-v1 SERVICE_VERSION-
  kubectl -n bookinfo patch deployment details-v1 --type=merge -p "$(proxy_quota null)"
}

inject() {
  case $1 in
    ratings-delay)
      kubectl apply -f "$here/fault-ratings-delay.yaml"
      expect="SIDECAR_FILTER at the client sidecar, reviews → ratings"
      ;;
    slow-ratings)
      kubectl -n bookinfo set env deployment/ratings-v1 SERVICE_VERSION=v-delayed
      expect="APP_SERVICE_TIME at ratings"
      ;;
    pool-limit)
      kubectl apply -f "$here/fault-pool-limit.yaml"
      expect="SIDECAR_POOL_WAIT at the client sidecar, productpage → reviews (raise traffic.sh to 50 or more)"
      ;;
    starved-sidecar)
      kubectl -n bookinfo patch deployment details-v1 --type=merge -p "$(proxy_quota '"50m"')"
      expect="SIDECAR_CPU_THROTTLED at the server sidecar of details"
      ;;
    none) expect="a healthy path" ;;
  esac
}

fault=${1:-}
case $fault in
  ratings-delay | slow-ratings | pool-limit | starved-sidecar | none) ;;
  *) fail "$usage" ;;
esac
need_cluster
remove_all
inject "$fault"
for app in ratings-v1 details-v1; do
  kubectl -n bookinfo rollout status "deployment/$app" --timeout=180s
done
say "injected: $fault; Hoptoll should say: $expect (../istio/diagnose.sh /productpage)"
