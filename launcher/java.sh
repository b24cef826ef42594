# shellcheck shell=bash
# Finds the JDK and becomes the Java process.

java_command() {
  printf '%s' "${JAVA_HOME:+$JAVA_HOME/bin/}java"
}

# Prints the JDK's feature version (17), from its release file: starting a JVM would cost 0.1 s.
# Fails where there is no JDK; a JRE without compiler is none.
jdk_version() {
  local java home
  java=$(command -v "$(java_command)") || return 1
  home=$(dirname "$(dirname "$(readlink -f "$java")")")
  [[ -x $home/bin/javac ]] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release"
}

# jvm_options MAIN-CLASS COMMAND: prints our options, one a line. Short-lived commands get those that
# start fastest, the agent those that keep it small, the server those that warm it up sooner. Two
# collectors are an error to the JVM: who names one in HOPTOLL_JAVA_OPTS gets none of those that do.
jvm_options() {
  local main=$1 command=${2:-}
  if [[ $command == server || $main == *.Demo ]]; then
    printf '%s\n' "@$root/launcher/server.jvm"
    return
  fi
  [[ ${HOPTOLL_JAVA_OPTS:-} != *-XX:+Use*GC* ]] || return 0
  case $command:$main in
    agent:*) printf '%s\n' "@$root/launcher/agent.jvm" ;;
    *.Bench) # for the agent and the server that it measures
      printf '%s\n' "-Dhoptoll.agent.jvm=$root/launcher/agent.jvm" "-Dhoptoll.server.jvm=$root/launcher/server.jvm"
      ;;
    *) printf '%s\n' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ;;
  esac
}

# become_java MAIN-CLASS ARGS...: signals and exit status are the JVM's own from here on.
become_java() {
  local options
  mapfile -t options < <(jvm_options "$1" "${2:-}")
  # shellcheck disable=SC2206 # several options in one variable
  options+=(${HOPTOLL_JAVA_OPTS:-})
  with_rights_of "${2:-}" "$(java_command)" "${options[@]}" -cp "$(class_path)" "$@"
}
