package io.hoptoll.app.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Labels<String, String> labels =
      new Labels<>(registry, "path", 2, key -> key, () -> Labels.OTHER);

  @Test
  void theFirstKeepTheirOwnTheRestSharesOneAndIsCounted() {
    assertEquals("/a", labels.of("/a"));
    assertEquals("/b", labels.of("/b"));
    assertEquals("{other}", labels.of("/c"));
    assertEquals("{other}", labels.of("/d"));
    assertEquals("/a", labels.of("/a"));
    assertEquals(2, overflow());
  }

  @Test
  void whatIsCalledOtherAlreadySharesItsValue() {
    labels.of("{other}");
    assertEquals("/a", labels.of("/a"));
    assertEquals("/b", labels.of("/b"));
    assertEquals("{other}", labels.of("/c"));
  }

  @Test
  void nothingIsCountedBelowTheLimit() {
    labels.of("/a");
    assertEquals(0, overflow());
  }

  @Test
  void bucketsGrowFromATenthOfAMillisecondTo25Seconds() {
    Duration[] bounds = Buckets.bounds();
    Duration[] sorted = bounds.clone();
    Arrays.sort(sorted);
    assertEquals(Arrays.asList(sorted), Arrays.asList(bounds));
    assertEquals(Duration.ofNanos(100_000), bounds[0]);
    assertEquals(Duration.ofMillis(1), bounds[3]);
    assertEquals(Duration.ofSeconds(25), bounds[bounds.length - 1].plusNanos(0));
  }

  private double overflow() {
    return registry.get("hoptoll.metrics.overflow").tag("label", "path").counter().count();
  }
}
