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

# become_java MAIN-CLASS ARGS...: short-lived commands get the JVM flags that start fastest; signals and exit status are the JVM's own from here on.
become_java() {
  local options=()
  [[ ${2:-} == server || ${2:-} == agent || $1 == *.Demo || $1 == *.Bench ]] || options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
  # shellcheck disable=SC2206 # several options in one variable
  options+=(${HOPTOLL_JAVA_OPTS:-})
  with_rights_of "${2:-}" "$(java_command)" "${options[@]}" -cp "$(class_path)" "$@"
}
