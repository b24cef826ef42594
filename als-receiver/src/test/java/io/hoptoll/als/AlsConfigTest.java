package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlsConfigTest {
  @Test
  void bothForms() {
    assertEquals(new ListenAddress.Tcp("0.0.0.0", 18090), ListenAddress.parse("0.0.0.0:18090"));
    assertEquals(new ListenAddress.Tcp("::", 0), ListenAddress.parse("[::]:0"));
    assertEquals(
        new ListenAddress.Unix(Path.of("/run/als.sock")),
        ListenAddress.parse("unix:/run/als.sock"));
    assertEquals("[::]:0", ListenAddress.parse("[::]:0").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "18090", ":1", "host:", "host:x", "host:65536", "::1:80", "unix:rel"})
  void otherTargetsAreRefusedWithTheFormsThatWork(String target) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> AlsConfig.listeningOn(List.of(target)));
    String words = String.valueOf(e.getMessage());
    assertTrue(words.contains("'" + target + "'") && words.contains("unix:/path"), words);
  }

  @Test
  void nothingToListenOnOrNoRoomForAnIdentifier() {
    assertThrows(IllegalArgumentException.class, () -> AlsConfig.listeningOn(List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> new AlsConfig(List.of("127.0.0.1:0"), 4_096, null));
  }
}
