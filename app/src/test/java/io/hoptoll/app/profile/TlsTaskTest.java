package io.hoptoll.app.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.TlsCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When tasks have TLS read, of whom, and which calls they keep. */
class TlsTaskTest {
  private static final PodInstance POD = new PodInstance("default", "a", "here", 11);
  private static final PodInstance OTHER = new PodInstance("default", "b", "here", 12);
  private static final PodInstance AWAY = new PodInstance("default", "c", "there", 11);
  private static final long NOW = 1_000 * Nanos.PER_SECOND;

  private final List<Map<Long, Integer>> asked = new ArrayList<>();
  private final Tasks tasks = new Tasks();

  private void canRead() {
    tasks.tls(
        new TlsReader() {
          @Override
          public String refusal(PodInstance pod) {
            return pod.node().equals("here") ? "" : "it is elsewhere";
          }

          @Override
          public void read(Map<Long, Integer> headBytes) {
            asked.add(headBytes);
          }
        });
    tasks.tick(NOW);
  }

  @Test
  void isRefusedWithWordsWhereNobodyCanRead() {
    tasks.tick(NOW);
    assertThrows(TaskRefused.class, () -> tasks.create(spec(POD, 512)));
    canRead();
    TaskRefused refused = assertThrows(TaskRefused.class, () -> tasks.create(spec(AWAY, 512)));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("cannot be read: it is elsewhere"));
    assertEquals(AWAY, tasks.create(spec(AWAY, 0)).spec().pod());
  }

  @Test
  void isReadWhileTasksRunAndAsFarAsTheMostCuriousWants() {
    canRead();
    Task brief = tasks.create(spec(POD, 512));
    tasks.create(spec(POD, 64));
    tasks.create(spec(OTHER, 0));
    tasks.tick(NOW + 1);
    tasks.tick(NOW + 2);
    tasks.stop(brief);
    tasks.tick(NOW + 3);
    tasks.create(spec(OTHER, 100));
    tasks.tick(NOW + 4);
    tasks.tick(NOW + 60 * Nanos.PER_SECOND + 10);
    assertEquals(
        List.of(Map.of(11L, 512), Map.of(11L, 64), Map.of(11L, 64, 12L, 100), Map.of()), asked);
  }

  @Test
  void keepsWhatItsRulesWantOfItsTimeAndPod() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    Task blind = tasks.create(spec(POD, 0));
    tasks.tlsCall(call(POD, "/want/1", 200, 5), NOW);
    tasks.tlsCall(call(POD, "/other", 200, 5), NOW);
    tasks.tlsCall(call(POD, "/want/2", 0, 7), NOW);
    tasks.tlsCall(call(POD, "/want/before", 200, 5), NOW - 1);
    tasks.tlsCall(call(OTHER, "/want/not-mine", 200, 5), NOW);
    tasks.stop(task);
    tasks.tlsCall(call(POD, "/want/after", 200, 5), NOW + 1);
    TlsCalls calls = task.profile().tlsCalls();
    assertEquals(
        List.of("/want/2", "/want/1"),
        calls.slowest(10).stream().map(s -> s.call().request().path()).toList());
    assertEquals(3, calls.calls());
    assertEquals(2, calls.matching());
    assertEquals(0, blind.profile().tlsCalls().calls());
  }

  @Test
  void theSlowestStay() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    for (int i = 1; i <= Limits.TLS_CALLS + 10; i++) {
      tasks.tlsCall(call(POD, "/want", 200, i % 300), NOW);
    }
    TlsCalls calls = task.profile().tlsCalls();
    assertEquals(Limits.TLS_CALLS, calls.slowest(1_000).size());
    assertEquals(10, calls.leftOut());
    assertEquals(11, calls.slowest(1_000).get(Limits.TLS_CALLS - 1).call().nanos());
  }

  private static TaskSpec spec(PodInstance pod, int headBytes) {
    return new TaskSpec(pod, 60, List.of(new Rule("/want*", 0, Set.of())), headBytes, null);
  }

  private static TlsCall call(PodInstance pod, String path, int status, long nanos) {
    return new TlsCall(
        pod.node(),
        pod.netns(),
        0,
        null,
        true,
        new Exchange.Owner(1, 1, "test"),
        new HttpHead("GET", path, 0, "", "", "", "", false),
        status,
        100,
        100 + nanos);
  }
}
