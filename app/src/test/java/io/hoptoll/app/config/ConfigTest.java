package io.hoptoll.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir Path dir;

  @Test
  void everyDefaultIsReadable() {
    Config config = Config.defaults();
    assertEquals(18080, config.get(Settings.HTTP_PORT));
    assertEquals(List.of("0.0.0.0:18090"), config.get(Settings.ALS_LISTEN));
    assertEquals(Duration.ofMillis(10), config.get(Settings.STANDING));
    assertEquals(64L << 20, config.get(Settings.ALS_MAX_MESSAGE));
  }

  @Test
  void flagsWinOverEnvironmentOverFileOverDefaults() throws IOException {
    Path file =
        file(
            """
            node: a
            http:
              host: 0.0.0.0
              port: 1
            als:
              listen:
                - 127.0.0.1:1
                - unix:/run/als.sock
            """);
    Config config =
        Config.load(
            file, Map.of("HOPTOLL_HTTP_PORT", "2", "HOPTOLL_NODE", "b"), Map.of("http.port", "3"));
    assertEquals(3, config.get(Settings.HTTP_PORT));
    assertEquals("--http-port", config.value(Settings.HTTP_PORT).source());
    assertEquals("b", config.get(Settings.NODE));
    assertEquals("HOPTOLL_NODE", config.value(Settings.NODE).source());
    assertEquals("0.0.0.0", config.get(Settings.HTTP_HOST));
    assertEquals(file + ":3", config.value(Settings.HTTP_HOST).source());
    assertEquals(List.of("127.0.0.1:1", "unix:/run/als.sock"), config.get(Settings.ALS_LISTEN));
    assertEquals("default", config.value(Settings.BPF).source());
  }

  @Test
  void fileIsNamedByTheEnvironment() throws IOException {
    Path file = file("bpf: false\n");
    Config config = Config.load(null, Map.of(Config.FILE_ENV, file.toString()), Map.of());
    assertEquals(false, config.get(Settings.BPF));
  }

  @Test
  void refusalNamesEveryKeyAndItsLine() throws IOException {
    Path file =
        file(
            """
            http:
              port: eighty
              prot: 1
            als:
              listen: nowhere
            diagnosis:
              slow: 3
            bpf: [true]
            nodes: x
            """);
    String said = refusal(file);
    assertTrue(
        said.contains(file + ":2: http.port: 'eighty' is not a number from 0 to 65535"), said);
    assertTrue(said.contains(file + ":3: unknown key 'http.prot'; keys of http: host, port"), said);
    assertTrue(said.contains(file + ":5: als.listen: 'nowhere' is not a list of host:port"), said);
    assertTrue(said.contains(file + ":7: diagnosis.slow: '3' is not a duration"), said);
    assertTrue(said.contains(file + ":8: bpf: 'true' is not true or false"), said);
    assertTrue(said.contains(file + ":9: unknown key 'nodes'; keys here: node"), said);
  }

  @Test
  void refusalNamesFlagAndVariable() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> Config.load(null, Map.of("HOPTOLL_BPF", "maybe"), Map.of("http.port", "70000")));
    assertEquals(
        "HOPTOLL_BPF: bpf: 'maybe' is not true or false\n"
            + "--http-port: http.port: '70000' is not a number from 0 to 65535",
        e.getMessage());
  }

  @Test
  void brokenYamlNamesItsLine() throws IOException {
    Path file = file("node: a\nhttp: [\n");
    assertTrue(refusal(file).contains(file + ":3: not YAML"), refusal(file));
  }

  @Test
  void aKeyGivenTwiceAndASectionThatIsAValueAreRefused() throws IOException {
    String said = refusal(file("node: a\nnode: b\nhttp: 5\n"));
    assertTrue(said.contains(":2: ") && said.contains("node"), said);
    said = refusal(file("http: 5\n"));
    assertTrue(said.contains(":1: http: wants keys and values"), said);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    String said = refusal(dir.resolve("absent.yaml"));
    assertTrue(said.contains("absent.yaml: cannot be read"), said);
  }

  @Test
  void whatIsPrintedIsReadBackTheSame() throws IOException {
    for (String text : List.of(ConfigText.documented(), ConfigText.effective(Config.defaults()))) {
      Config read = Config.load(file(text), Map.of(), Map.of());
      for (Setting<?> s : Settings.all()) {
        assertEquals(Config.defaults().get(s), read.get(s), s.key());
        assertTrue(read.value(s).source().contains(".yaml:"), s.key());
      }
    }
  }

  @Test
  void namesOfVariablesAndFlagsAreUniqueAndClearOfKubernetes() {
    Set<String> names = new HashSet<>();
    for (Setting<?> s : Settings.all()) {
      assertTrue(names.add(s.env()) && names.add(s.flag()), s.key());
      // Kubernetes sets these in every pod beside a Service named hoptoll.
      assertTrue(!s.env().matches("HOPTOLL_(SERVICE_.*|PORT.*)"), s.env());
    }
  }

  private String refusal(Path file) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> Config.load(file, Map.of(), Map.of()))
            .getMessage());
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(dir.resolve("hoptoll.yaml"), yaml);
  }
}
