package io.hoptoll.correlator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hoptoll.model.TextHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tables that chain through what they hold, against plain lists. */
class WaitingTablesTest {
  private static final int DIFFERENT_IDS = 300;

  private final Random random = new Random(17);

  @Test
  void halvesAreFoundByConnectionAndByIdInTheOrderInWhichTheyCame() {
    World world = new World(5, 40);
    HalvesWaiting waiting = new HalvesWaiting(late -> {});
    List<WaitingHalf> plain = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      if (plain.size() < 2_500 || random.nextBoolean()) {
        World.Truth t = world.request("request-" + random.nextInt(DIFFERENT_IDS));
        boolean client = random.nextBoolean();
        WaitingHalf w = new WaitingHalf(client ? Change.client(t) : Change.server(t), i);
        waiting.add(w);
        plain.add(w);
      } else {
        waiting.take(plain.remove(random.nextInt(plain.size())));
      }
      if (i % 100 == 99) {
        compare(plain, waiting);
      }
    }
  }

  private static void compare(List<WaitingHalf> plain, HalvesWaiting waiting) {
    assertEquals(plain.size(), waiting.size());
    assertEquals(plain.get(0), waiting.oldest());
    for (int n = 0; n < DIFFERENT_IDS; n += 7) {
      long id = TextHash.of("request-" + n);
      List<WaitingHalf> servers =
          plain.stream().filter(w -> w.side.mayBeServer() && w.requestHash() == id).toList();
      assertEquals(servers, waiting.serversOf(id));
    }
    for (WaitingHalf w : plain.subList(0, 50)) {
      HalvesWaiting.Lane lane =
          java.util.Objects.requireNonNull(
              waiting.on(w.side.mayBeClient() ? w.upstreamKey() : w.downstreamKey()));
      HalfList own = w.side.mayBeClient() ? lane.clients : lane.servers;
      assertEquals(sameConnection(plain, w), List.copyOf(own));
      List<WaitingHalf> ofId = new ArrayList<>();
      for (int at = own.nextOf(w.idHash, 0); at < own.size(); at = own.nextOf(w.idHash, at + 1)) {
        ofId.add(own.get(at));
      }
      assertEquals(own.stream().filter(o -> o.mayShareId(w)).toList(), ofId);
    }
  }

  private static List<WaitingHalf> sameConnection(List<WaitingHalf> plain, WaitingHalf w) {
    return plain.stream()
        .filter(
            o ->
                o.side == w.side
                    && o.upstreamKey().equals(w.upstreamKey())
                    && o.downstreamKey().equals(w.downstreamKey()))
        .toList();
  }

  @Test
  void ofEqualNamesTheLastIsMetFirstAlsoAfterTheTableGrew() {
    World world = new World(5, 40);
    LedgerBuilder ledgers = new LedgerBuilder(new JoinCounters());
    NameTable<Integer> table = new NameTable<>();
    List<CallName<Integer>> plain = new ArrayList<>();
    PodKey pod = new PodKey("node", 4);
    for (int i = 0; i < 10_000; i++) {
      if (plain.size() < 2_500 || random.nextBoolean()) {
        World.Truth t = world.request("request-" + random.nextInt(DIFFERENT_IDS));
        CallName<Integer> name =
            java.util.Objects.requireNonNull(
                CallName.request(
                    i,
                    new io.hoptoll.model.Hop(
                        Change.client(t),
                        null,
                        List.of(),
                        ledgers.build(Change.client(t), null, List.of())),
                    pod));
        table.add(name);
        plain.add(0, name);
      } else {
        table.remove(plain.remove(random.nextInt(plain.size())));
      }
      if (i % 100 == 99) {
        for (CallName<Integer> name : List.copyOf(plain.subList(0, 50))) {
          List<CallName<Integer>> found = new ArrayList<>();
          for (var at = table.first(name); at != null; at = table.next(at)) {
            found.add(at);
          }
          assertEquals(owners(plain.stream().filter(name::equals).toList()), owners(found));
        }
      }
    }
  }

  private static List<Integer> owners(List<CallName<Integer>> names) {
    return names.stream().map(n -> n.owner).toList();
  }
}
