package io.hoptoll.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hoptoll.model.HeadsAsked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is asked is told at each change, and until it is taken. */
class HeadsToldTest {
  private static final Map<Long, HeadsAsked> ASKED = Map.of(7L, new HeadsAsked(512, 0));

  private final List<Map<Long, HeadsAsked>> told = new ArrayList<>();
  private final HeadsTold heads = new HeadsTold();
  private boolean fails;

  @Test
  void aReaderThatFailedToStopIsToldAgain() {
    heads.to(
        asked -> {
          if (fails) {
            throw new IllegalStateException("once");
          }
          told.add(asked);
        });
    heads.tell(ASKED);
    heads.tell(ASKED);
    fails = true;
    assertThrows(IllegalStateException.class, () -> heads.tell(Map.of()));
    fails = false;
    heads.tell(Map.of());
    heads.tell(Map.of());
    assertEquals(List.of(ASKED, Map.of()), told);
  }
}
