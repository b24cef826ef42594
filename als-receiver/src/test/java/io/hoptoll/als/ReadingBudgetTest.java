package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.hoptoll.als.RecordedEntries.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Many large messages at a time. */
class ReadingBudgetTest {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void messageBeyondTheBudgetIsRefusedTheOthersAreRead() throws Exception {
    List<Recorded> request = RecordedEntries.load("http-mtls").subList(0, 1);
    SpanCollector spans = new SpanCollector();
    AlsConfig config = new AlsConfig(List.of("127.0.0.1:0"), MEBIBYTE, MEBIBYTE, null);
    try (AlsServer server = AlsServer.start(config, spans);
        AlsClient client = AlsClient.tcp(server.ports().get(0))) {
      try (HalfMessage first = new HalfMessage(server.ports().get(0));
          HalfMessage second = new HalfMessage(server.ports().get(0))) {
        first.begin(900_000, 600_000);
        await(() -> server.stats().readingBytes() == 600_000);
        second.begin(900_000, 600_000);
        await(() -> tooLarge(server) == 1);
        await(() -> server.stats().readingBytes() == 600_000);
        AlsClient.Stream small = client.open().send(AlsClient.identified(request));
        spans.await(1);
        assertEquals(Status.Code.OK, small.halfClose().status().getCode());
      }
      await(() -> server.stats().readingBytes() == 0);
      await(() -> server.stats().streamsOpen() == 0);
    }
  }

  @Test
  void messageThatStalledGoesBeforeTheOneThatCame() {
    List<String> refused = new ArrayList<>();
    long now = System.nanoTime();
    ReadingBudget budget = new ReadingBudget(MEBIBYTE);
    Reading stalled = new Reading("stalled", now - TimeUnit.SECONDS.toNanos(60), refused);
    Reading fresh = new Reading("fresh", now, refused);
    budget.grow(stalled, 600_000, 600_000);
    budget.grow(fresh, 400_000, 400_000);
    assertEquals(List.of(), refused);
    budget.grow(fresh, 600_000, 200_000);
    assertEquals(List.of("stalled"), refused);
    budget.release(stalled, 600_000);
    assertEquals(600_000, budget.bytes());
  }

  @Test
  void smallMessagesAreNeverRefused() {
    List<String> refused = new ArrayList<>();
    ReadingBudget budget = new ReadingBudget(MEBIBYTE);
    for (int i = 0; i < 1_000; i++) {
      budget.grow(new Reading("small", System.nanoTime(), refused), 16_384, 16_384);
    }
    assertEquals(List.of(), refused);
    assertTrue(budget.bytes() > MEBIBYTE);
  }

  private record Reading(String name, long sinceNanos, List<String> refused)
      implements ReadingBudget.Reading {
    @Override
    public void refuse(String why) {
      refused.add(name);
    }
  }

  private static long tooLarge(AlsServer server) {
    return server.stats().malformed().getOrDefault(Malformed.STREAM_MESSAGE_TOO_LARGE, 0L);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 15 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
