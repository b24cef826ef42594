# shellcheck shell=bash
# What the launcher says. All of it goes to stderr, so that stdout is the command's own.

say() {
  printf 'hoptoll: %s\n' "$*" >&2
}

# fail WHAT WHERE TO-DO: ends the launcher with status 1.
fail() {
  printf 'hoptoll: %s\n  where: %s\n  to do: %s\n' "$1" "$2" "$3" >&2
  exit 1
}

# step TITLE LOG COMMAND...: runs the command with its output in the log file; shows the time that
# passes, and on failure the end of the log. Returns the command's status.
step() {
  local title=$1 log=$2 started=$SECONDS status=0 child
  mkdir -p "$(dirname "$log")" || fail "cannot keep a log" "$log" "make the directory writable"
  begin_step "$title"
  "${@:3}" >"$log" 2>&1 </dev/null &
  child=$!
  stop_on_signal "$child"
  while kill -0 "$child" 2>/dev/null; do
    tick_step "$title" $((SECONDS - started))
    sleep 0.2
  done
  wait "$child" || status=$?
  trap - INT TERM HUP
  end_step "$title" "$status" $((SECONDS - started))
  [[ $status -eq 0 ]] || tail -n 60 "$log" | without_noise >&2
  return "$status"
}

# A background child ignores Ctrl-C (POSIX), so the signal is passed on as TERM; then the launcher
# itself dies of the signal, as its caller expects.
stop_on_signal() {
  local signal
  for signal in INT TERM HUP; do
    # shellcheck disable=SC2064 # the child's id is wanted as it is now
    trap "kill $1 2>/dev/null; wait $1 || true; trap - $signal; kill -$signal \$\$" "$signal"
  done
}

# Drops colours, and what Maven adds to every failure.
without_noise() {
  sed -E -e 's/\x1b\[[0-9;]*m//g' -e '/^\[ERROR\] *$/d' -e '/^ *$/d' \
    -e '/re-run Maven|Re-run Maven|more information about the errors|After correcting|mvn <args>|^\[ERROR\] (-> )?\[Help/d'
}

begin_step() {
  tick=0
  [[ -t 2 ]] || say "$1 ..."
}

# On a terminal a wheel, else a line each half minute.
tick_step() {
  local wheel="|/-\\"
  if [[ -t 2 ]]; then
    tick=$(((tick + 1) % 4))
    printf '\r\033[Khoptoll: %s %s %s s' "$1" "${wheel:tick:1}" "$2" >&2
  elif (($2 / 30 > tick)); then
    tick=$(($2 / 30))
    say "$1: $2 s so far"
  fi
}

end_step() {
  local outcome="done"
  [[ $2 -eq 0 ]] || outcome="failed with status $2"
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
  say "$1: $outcome, $3 s"
}
