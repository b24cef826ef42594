package io.hoptoll.app.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HeadsAsked;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpHead;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.TaskReading;
import io.hoptoll.model.TlsProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When tasks have heads read, of whom, and which calls they keep. */
class HeadTaskTest {
  private static final PodInstance POD = new PodInstance("default", "a", "here", 11, false);
  private static final PodInstance OTHER = new PodInstance("default", "b", "here", 12, false);
  private static final PodInstance AWAY = new PodInstance("default", "c", "there", 11, false);
  private static final TaskReading READS =
      new TaskReading(11, "", "", List.of(new TlsProcess(7, "java", 11, false, "a JVM")), 0);
  private static final long NOW = 1_000 * Nanos.PER_SECOND;

  private final List<Map<String, Map<Long, HeadsAsked>>> asked = new ArrayList<>();
  private final Tasks tasks = new Tasks();
  private TaskReading said = READS;

  private void canRead() {
    tasks.heads(
        new HeadReader() {
          @Override
          public String refusal(PodInstance pod, HeadsAsked heads) {
            return pod.node().equals("here") ? "" : "it is elsewhere";
          }

          @Override
          public void read(Map<String, Map<Long, HeadsAsked>> heads) {
            asked.add(heads);
          }

          @Override
          public TaskReading reading(PodInstance pod) {
            return said;
          }
        });
    tasks.tick(NOW);
  }

  /** What the agent says of it stays with the task, also once that is over. */
  @Test
  void saysHowFarItsPodIsRead() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    Task blind = tasks.create(spec(POD, 0));
    assertNull(task.read(), "not asked yet");
    tasks.tick(NOW + Nanos.PER_SECOND);
    assertEquals(said, task.read());
    TaskReading refused = TaskReading.none(POD.netns(), "not there");
    said = refused;
    tasks.tick(NOW + 2 * Nanos.PER_SECOND);
    tasks.stop(task);
    said = READS;
    tasks.tick(NOW + 3 * Nanos.PER_SECOND);
    assertEquals(refused, task.read());
    assertNull(blind.read());
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
    assertEquals(List.of(here(11L, 512), here(11L, 64), here(11L, 64, 12L, 100), Map.of()), asked);
  }

  /** The kernel gives a namespace's number to another pod soon. */
  @Test
  void endsWithItsPodsNamespace() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    Task other = tasks.create(spec(OTHER, 64));
    tasks.tick(NOW + 1);
    gone("there", POD.netns());
    gone("here", 99);
    tasks.tick(NOW + 2);
    assertEquals(Task.State.RUNNING, task.state(tasks.nowNanos()));
    gone("here", POD.netns());
    tasks.tick(NOW + 3);
    tasks.call(call(POD, "/want/of-another", 200, 5), NOW + 3);
    assertEquals(Task.State.SETTLING, task.state(tasks.nowNanos()));
    assertEquals(Task.State.RUNNING, other.state(tasks.nowNanos()));
    assertEquals(List.of(here(11L, 512, 12L, 64), here(12L, 64)), asked);
    assertEquals(0, task.profile().tlsCalls().calls());
  }

  private void gone(String node, long netns) {
    tasks.namespace(new NetworkNamespace(node, netns, List.of()));
  }

  @Test
  void whatCouldNotBeAskedIsAskedAgain() {
    boolean[] fails = {true};
    tasks.heads(
        new HeadReader() {
          @Override
          public String refusal(PodInstance pod, HeadsAsked heads) {
            return "";
          }

          @Override
          public void read(Map<String, Map<Long, HeadsAsked>> heads) {
            if (fails[0]) {
              throw new IllegalStateException("once");
            }
            asked.add(heads);
          }

          @Override
          public TaskReading reading(PodInstance pod) {
            return said;
          }
        });
    tasks.tick(NOW);
    tasks.create(spec(POD, 512));
    assertThrows(IllegalStateException.class, () -> tasks.tick(NOW + 1));
    fails[0] = false;
    tasks.tick(NOW + 2);
    assertEquals(List.of(here(11L, 512)), asked);
  }

  @Test
  void keepsWhatItsRulesWantOfItsTimeAndPod() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    Task blind = tasks.create(spec(POD, 0));
    tasks.call(call(POD, "/want/1", 200, 5), NOW);
    tasks.call(call(POD, "/other", 200, 5), NOW);
    tasks.call(call(POD, "/want/2", 0, 7), NOW);
    tasks.call(call(POD, "/want/before", 200, 5), NOW - 1);
    tasks.call(call(OTHER, "/want/not-mine", 200, 5), NOW);
    tasks.stop(task);
    tasks.call(call(POD, "/want/after", 200, 5), NOW + 1);
    HttpCalls calls = task.profile().tlsCalls();
    assertEquals(
        List.of("/want/2", "/want/1"),
        calls.slowest(10).stream().map(s -> s.call().request().path()).toList());
    assertEquals(3, calls.calls());
    assertEquals(2, calls.matching());
    assertEquals(0, blind.profile().tlsCalls().calls());
  }

  @Test
  void callsInClearAreKeptApartAndOnlyWhereAsked() {
    canRead();
    Task task = tasks.create(spec(POD, new HeadsAsked(256, 0)));
    tasks.create(spec(POD, new HeadsAsked(64, 128)));
    tasks.tick(NOW + 1);
    assertEquals(List.of(Map.of("here", Map.of(11L, new HeadsAsked(256, 128)))), asked);
    tasks.call(call(true, POD, "/want/tls", 200, 5), NOW);
    tasks.call(call(false, POD, "/want/clear", 200, 5), NOW);
    tasks.call(call(false, POD, "/other", 200, 5), NOW);
    assertEquals(0, task.profile().tlsCalls().calls());
    assertEquals(2, task.profile().clearCalls().calls());
    assertEquals(
        "/want/clear", task.profile().clearCalls().slowest(9).get(0).call().request().path());
  }

  @Test
  void theSlowestStay() {
    canRead();
    Task task = tasks.create(spec(POD, 512));
    for (int i = 1; i <= Limits.CALLS + 10; i++) {
      tasks.call(call(POD, "/want", 200, i % 300), NOW);
    }
    HttpCalls calls = task.profile().tlsCalls();
    assertEquals(Limits.CALLS, calls.slowest(1_000).size());
    assertEquals(10, calls.leftOut());
    assertEquals(11, calls.slowest(1_000).get(Limits.CALLS - 1).call().nanos());
  }

  private static Map<String, Map<Long, HeadsAsked>> here(long netns, int tlsBytes) {
    return Map.of("here", Map.of(netns, new HeadsAsked(0, tlsBytes)));
  }

  private static Map<String, Map<Long, HeadsAsked>> here(long a, int bytes, long b, int bytesOfB) {
    return Map.of("here", Map.of(a, new HeadsAsked(0, bytes), b, new HeadsAsked(0, bytesOfB)));
  }

  private static TaskSpec spec(PodInstance pod, int tlsBytes) {
    return spec(pod, new HeadsAsked(0, tlsBytes));
  }

  private static TaskSpec spec(PodInstance pod, HeadsAsked heads) {
    return new TaskSpec(pod, 60, List.of(new Rule("/want*", 0, Set.of())), heads, null);
  }

  private static HttpCall call(PodInstance pod, String path, int status, long nanos) {
    return call(true, pod, path, status, nanos);
  }

  private static HttpCall call(
      boolean isTls, PodInstance pod, String path, int status, long nanos) {
    return new HttpCall(
        isTls,
        pod.node(),
        pod.netns(),
        0,
        -1,
        null,
        true,
        new Exchange.Owner(1, 1, "test"),
        new HttpHead("GET", path, 0, "", "", "", "", false),
        status,
        100,
        100 + nanos);
  }
}
