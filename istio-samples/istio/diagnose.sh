#!/usr/bin/env bash
# Asks Hoptoll in the cluster: diagnose.sh [PATH [OPTIONS of hoptoll diagnose]] | --paths | --health
# Exit status: that of hoptoll diagnose (0 healthy, 3 degraded, 4 insufficient data).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=release.sh
source "$here/release.sh"

case ${1:-} in
  --paths | --health) command=("${1#--}") ;;
  *) command=(diagnose "${@:-/productpage}") ;;
esac
need_cluster
exec kubectl -n hoptoll exec deployment/hoptoll -- hoptoll "${command[@]}"
