# shellcheck shell=bash
# `hoptoll test`: the whole reactor, a line a module, and one closing line that counts every test.

run_tests() {
  local log=$root/.hoptoll/log/test.log status=0 goal=apply
  install_everything
  install_packages "${test_packages[@]}"
  provide_collector
  install_go
  require_jdk_and_maven
  test_launcher
  [[ ${CI:-} != true ]] || goal=check
  lock_build
  mkdir -p "$(dirname "$log")"
  remove_old_reports
  drop_unjudged
  stamp_start
  verify "$log" -Dspotless.goal=$goal "$@" || status=$?
  [[ $status -eq 0 ]] || show_errors "$log"
  [[ $status -ne 0 || $# -gt 0 ]] || stamp_finish
  python3 "$root/launcher/summary.py" "$root" "$root/tests/expected-aborts.txt" || status=$?
  return "$status"
}

test_launcher() {
  local log=$root/.hoptoll/log/launcher-test.log
  step "the launcher's own tests" "$log" python3 -B -m unittest discover -s "$root/launcher" -p '*_test.py' ||
    fail "the launcher's own tests failed" "$log" "read the first FAIL or ERROR above"
}

show_errors() {
  { grep -m 80 '^\[ERROR\]' "$1" || tail -n 60 "$1"; } | without_noise >&2
  say "Maven failed; its whole output: $1"
}

# Reports of an earlier run would be counted again.
remove_old_reports() {
  find "$root" -path '*/target/*-reports/TEST-*.xml' -delete
}

# verify LOG MAVEN-ARGS...: goes on past a failing module with those that do not need it, so that
# one run tells all.
verify() {
  local log=$1 status=0 child
  : >"$log"
  maven --fail-at-end "${@:2}" verify >"$log" 2>&1 </dev/null &
  child=$!
  stop_on_signal "$child"
  show_modules "$child" <"$log"
  wait "$child" || status=$?
  trap - INT TERM HUP
  return "$status"
}

# show_modules MAVEN-PID <LOG: a line for each module when it ends, while the log still grows.
show_modules() {
  local line part='' module='' tests='' since=$SECONDS alive=true
  while true; do
    if IFS= read -r line; then
      show_line "$part$line"
      part=
    elif $alive; then
      part+=$line
      kill -0 "$1" 2>/dev/null || alive=false
      ! $alive || sleep 0.2
    else
      break
    fi
  done
  end_module
}

show_line() {
  if [[ $1 =~ ^\[INFO\]\ Building\ (.*)\ [^\ ]+\ +(\[[0-9]+/[0-9]+\])$ ]]; then
    end_module
    module="${BASH_REMATCH[2]} ${BASH_REMATCH[1]}" since=$SECONDS tests="no tests"
  elif [[ $1 =~ Tests\ run:\ ([0-9]+),\ Failures:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Skipped:\ ([0-9]+)$ ]]; then
    tests="${BASH_REMATCH[1]} tests, $((BASH_REMATCH[2] + BASH_REMATCH[3])) failed, ${BASH_REMATCH[4]} skipped"
  elif [[ $1 == *'Reactor Summary'* ]]; then
    end_module
  fi
}

end_module() {
  [[ -z $module ]] || printf '%s: %s, %s s\n' "$module" "$tests" $((SECONDS - since))
  module=
}
