package io.hoptoll.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scripts, run with a kubectl and an istioctl that write down what they are asked and refuse a
 * file that does not exist. A cluster there is none.
 */
class ScriptsTest {
  /** Records its arguments; checks the files of -f; answers what the scripts read. */
  private static final String RECORDER =
      """
      #!/bin/bash
      echo "$(basename "$0") $*" >>"$RECORD"
      while [[ $# -gt 0 ]]; do
        if [[ $1 == -f && ${2:-} != - && ! -f ${2:-} ]]; then
          echo "no file $2" >&2
          exit 1
        fi
        [[ $1 != nodes ]] || printf 'node/%s\\n' $NODES
        [[ $1 != current-context ]] || echo default
        shift
      done
      """;

  @TempDir Path dir;

  private Path record;

  /** What a script said and did. */
  private record Run(int status, String said, List<String> asked) {
    boolean askedFor(String part) {
      return asked.stream().anyMatch(line -> line.contains(part));
    }
  }

  @BeforeEach
  void recorders() throws IOException {
    record = Files.createFile(dir.resolve("record"));
    Path bin = Files.createDirectories(dir.resolve("cache/istio-1.29.2/bin"));
    Path bookinfo =
        Files.createDirectories(dir.resolve("cache/istio-1.29.2/samples/bookinfo/platform/kube"));
    Files.createFile(bookinfo.resolve("bookinfo.yaml"));
    for (Path tool : List.of(dir.resolve("kubectl"), bin.resolve("istioctl"))) {
      Files.writeString(tool, RECORDER);
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void syntaxIsBashAndErrorsEndTheScript(Path script) throws Exception {
    assertEquals(0, run(script + " -n", List.of("bash", "-n", script.toString()), "one").status());
    if (!script.endsWith("release.sh")) {
      assertTrue(Files.readString(script).contains("\nset -euo pipefail\n"), script.toString());
      assertTrue(Files.isExecutable(script), script + " must be executable");
    }
  }

  @Test
  void istioWithProviderAndTelemetry() throws Exception {
    Run run = run("istio/install-istio.sh", List.of(), "one");
    assertEquals(0, run.status(), run.said());
    assertTrue(run.askedFor("istioctl install -y -f") && run.askedFor("mesh-config.yaml"));
    assertTrue(run.askedFor("telemetry.yaml"));
  }

  @Test
  void istioTheOlderWayHasNoTelemetry() throws Exception {
    Run run = run("istio/install-istio.sh", List.of("--legacy"), "one");
    assertEquals(0, run.status(), run.said());
    assertTrue(run.askedFor("mesh-config-1.13.yaml") && !run.askedFor("telemetry.yaml"));
  }

  @Test
  void hoptollOnTheOnlyNode() throws Exception {
    Run run = run("istio/install-hoptoll.sh", List.of("--upstream-log"), "one");
    assertEquals(0, run.status(), run.said());
    assertTrue(run.askedFor("hoptoll.yaml") && run.askedFor("envoy-filter.yaml"));
    assertTrue(run.askedFor("set image deployment/hoptoll hoptoll=example/hoptoll:1"));
    assertTrue(!run.askedFor("nodeSelector") && !run.askedFor("agents.yaml"));
  }

  @Test
  void severalNodesHaveAnAgentEachUnlessOneIsChosen() throws Exception {
    Run all = run("istio/install-hoptoll.sh", List.of(), "one two");
    assertEquals(0, all.status(), all.said());
    assertTrue(all.askedFor("agents.yaml"));
    assertTrue(all.askedFor("set image daemonset/hoptoll-agent agent=example/hoptoll:1"));
    assertTrue(all.askedFor("set env deployment/hoptoll HOPTOLL_BPF=false HOPTOLL_PODS=none"));
    Run chosen = run("istio/install-hoptoll.sh", List.of("--node", "two"), "one two");
    assertEquals(0, chosen.status(), chosen.said());
    assertTrue(chosen.askedFor("\"kubernetes.io/hostname\":\"two\""));
    assertTrue(!chosen.askedFor("agents.yaml"));
  }

  @Test
  void bookinfoBehindTheGateway() throws Exception {
    Run run = run("bookinfo/install-bookinfo.sh", List.of(), "one");
    assertEquals(0, run.status(), run.said());
    assertTrue(run.askedFor("istio-injection=enabled"));
    assertTrue(run.askedFor("kube/bookinfo.yaml") && run.askedFor("gateway.yaml"));
  }

  @Test
  void trafficAtARateAndStopped() throws Exception {
    Run started = run("bookinfo/traffic.sh", List.of("50"), "one");
    assertEquals(0, started.status(), started.said());
    assertTrue(started.askedFor("QPS=50"));
    assertEquals(0, run("bookinfo/traffic.sh", List.of("--stop"), "one").status());
    assertEquals(1, run("bookinfo/traffic.sh", List.of("fast"), "one").status());
  }

  @ParameterizedTest
  @CsvSource({
    "ratings-delay, fault-ratings-delay.yaml, SIDECAR_FILTER",
    "slow-ratings, SERVICE_VERSION=v-delayed, APP_SERVICE_TIME",
    "pool-limit, fault-pool-limit.yaml, SIDECAR_POOL_WAIT",
    "starved-sidecar, proxyCPULimit\":\"50m\", SIDECAR_CPU_THROTTLED",
    "none, proxyCPULimit\":null, healthy"
  })
  void faultsAreInjectedAfterTheOldOnesAreGone(String fault, String how, String expected)
      throws Exception {
    Run run = run("bookinfo/inject-fault.sh", List.of(fault), "one");
    assertEquals(0, run.status(), run.said());
    assertTrue(run.askedFor(how), run.asked().toString());
    assertTrue(run.said().contains(expected), run.said());
    assertTrue(
        run.asked().get(1).contains("delete --ignore-not-found virtualservice/hoptoll-fault"));
  }

  @Test
  void unknownFaultsAndOptionsAreRefusedWithTheUsage() throws Exception {
    for (String script :
        List.of("bookinfo/inject-fault.sh", "istio/install-istio.sh", "istio/install-hoptoll.sh")) {
      Run run = run(script, List.of("--nonsense"), "one");
      assertEquals(1, run.status());
      assertTrue(run.said().contains("usage: "), run.said());
      assertEquals(List.of(), run.asked().stream().filter(a -> a.contains("apply")).toList());
    }
  }

  @Test
  void diagnoseAsksTheServerInTheCluster() throws Exception {
    String exec = "-n hoptoll exec deployment/hoptoll -- hoptoll ";
    assertTrue(run("istio/diagnose.sh", List.of(), "one").askedFor(exec + "diagnose /productpage"));
    assertTrue(
        run("istio/diagnose.sh", List.of("/x", "--window", "30s"), "one")
            .askedFor(exec + "diagnose /x --window 30s"));
    assertTrue(run("istio/diagnose.sh", List.of("--health"), "one").askedFor(exec + "health"));
  }

  static List<Path> scripts() {
    return Samples.scripts();
  }

  private Run run(String script, List<String> args, String nodes) throws Exception {
    List<String> command = new ArrayList<>(args);
    if (!command.contains("bash")) {
      command.add(0, script);
    }
    Files.writeString(record, "");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", dir + ":/usr/bin:/bin");
    builder.environment().put("RECORD", record.toString());
    builder.environment().put("NODES", nodes);
    builder.environment().put("HOPTOLL_CACHE", dir.resolve("cache").toString());
    builder.environment().put("HOPTOLL_IMAGE", "example/hoptoll:1");
    builder.environment().remove("ISTIO_VERSION");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), script);
    return new Run(process.exitValue(), said, Files.readAllLines(record));
  }
}
