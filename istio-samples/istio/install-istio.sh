#!/usr/bin/env bash
# Installs Istio with Hoptoll as access log provider: install-istio.sh [--legacy]
#   --legacy       enableEnvoyAccessLogService (Istio 1.13 and newer) instead of provider and Telemetry
#   ISTIO_VERSION  which release (default: see release.sh)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=release.sh
source "$here/release.sh"

need_cluster
release=$(istio_release)
case ${1:-} in
  '')
    "$release/bin/istioctl" install -y -f "$here/mesh-config.yaml"
    kubectl apply -f "$here/telemetry.yaml"
    ;;
  --legacy) "$release/bin/istioctl" install -y -f "$here/mesh-config-1.13.yaml" ;;
  *) fail "unknown option '$1'; usage: install-istio.sh [--legacy]" ;;
esac
say "Istio $ISTIO_VERSION is installed; next: install-hoptoll.sh"
