# shellcheck shell=bash
# Builds the jars when a source is newer than the last build, and knows where they are.

demo_target=$root/istio-samples/demo/target
build_stamp=$root/.hoptoll/built
unjudged=$root/.hoptoll/unjudged # there since a build without Error Prone

build_if_stale() {
  build_is_stale || return 0
  lock_build
  if build_is_stale; then
    build
  fi
  exec 9>&-
}

# Two launchers at once: the second waits, and finds it built. The lock ends with descriptor 9.
lock_build() {
  mkdir -p "$root/.hoptoll" 2>/dev/null || true
  [[ -w $root/.hoptoll ]] ||
    fail "the build is not up to date and the checkout cannot be written" "$root" "run as its owner, or as root"
  exec 9>>"$root/.hoptoll/lock"
  flock --nonblock 9 && return
  say "another ./hoptoll is building here, waiting for it"
  flock 9
}

# Error Prone takes most of a build, and judges code that changes: tests and CI run it (HACKING.md).
build() {
  local log=$root/.hoptoll/log/build.log
  require_jdk_and_maven
  install_packages "${build_packages[@]}"
  stamp_start
  : >"$unjudged"
  step "Maven build (the first one downloads libraries)" "$log" maven -q -T 2 -DskipTests -Dspotless.skip -Derrorprone.skip -pl istio-samples/demo,bench -am package ||
    fail "the build failed" "$log" "mend the first [ERROR] above; where a download failed, check the network and run this again"
  stamp_finish
}

# Classes of such a build are up to date for Maven, which would not compile, so not judge, them
# again. Without them the jars' stamp does not hold either.
drop_unjudged() {
  [[ -e $unjudged ]] || return 0
  rm -f "$build_stamp"
  find "$root" -path "$root/.git" -prune -o -type d -regex '.*/target/\(classes\|test-classes\|maven-status\)' \
    -prune -exec rm -rf {} +
  rm "$unjudged"
}

# Becomes Maven, so run it in the background only: the child's id then is Maven's own.
maven() {
  cd "$root"
  exec mvn -B -Dstyle.color=never "$@" 9>&-
}

require_jdk_and_maven() {
  local version fix="as root: apt-get install openjdk-17-jdk-headless maven (or point JAVA_HOME to a JDK 17+)"
  version=$(jdk_version) || fail "there is no JDK" "$(java_command) and javac beside it" "$fix"
  [[ $version -ge 17 ]] || fail "JDK $version is too old, 17 is needed" "$(command -v "$(java_command)")" "$fix"
  command -v mvn >/dev/null || fail "there is no Maven" "mvn on the PATH" "$fix"
}

# Stale: jars missing, or a source changed, came or went since the last build began. Directories
# count only below src/: the build itself makes entries in the others.
build_is_stale() {
  [[ -f $build_stamp ]] && demo_jar >/dev/null && [[ -d $demo_target/lib ]] || return 0
  [[ -n $(find "$root" -mindepth 1 \
    \( -name target -o -path "$root/.git" -o -path "$root/.hoptoll" -o -path "$root/docs" \) -prune -o \
    -newer "$build_stamp" \( -path '*/src/*' -o -path '*/src' -o -type f \) ! -name '*.md' -print -quit) ]]
}

# The stamp carries the build's start, so that an edit made meanwhile is not missed.
stamp_start() {
  : >"$build_stamp.part"
}

stamp_finish() {
  mv "$build_stamp.part" "$build_stamp"
}

class_path() {
  printf '%s:%s/bench/target/classes:%s/lib/*:%s/bench/target/lib/*' "$(demo_jar)" "$root" "$demo_target" "$root"
}

demo_jar() {
  local jar
  for jar in "$demo_target"/demo-*.jar; do
    case $jar in
      *-sources.jar | *-tests.jar | *-javadoc.jar) ;;
      *) [[ -f $jar ]] && printf '%s' "$jar" && return ;;
    esac
  done
  return 1
}
