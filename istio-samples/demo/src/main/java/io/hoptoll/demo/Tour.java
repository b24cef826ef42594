package io.hoptoll.demo;

import io.hoptoll.app.cli.ApiClient;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.FaultKind;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Party;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The healthy mesh first, then fault after fault: inject, ask the API as a user would, take the
 * first verdict that stands twice, compare with the truth. The truth is looked at only afterwards.
 */
final class Tour {
  private static final String PATH = "/productpage";
  private static final String PROFILED = "details-v1";
  private static final String PROFILE_FOR = "60s";
  private static final long BASELINE_SECONDS = 9;
  private static final long FIRST_ASK_SECONDS = 5;
  private static final long LAST_ASK_SECONDS = 11;
  private static final long REST_SECONDS = 2;

  private final String url;
  private final ApiClient api;
  private final MiniMesh mesh;
  private final Screen screen;
  private final boolean noBpf;
  private int untold;

  Tour(String url, MiniMesh mesh, Screen screen, boolean noBpf) {
    this.url = url;
    this.api = new ApiClient(url);
    this.mesh = mesh;
    this.screen = screen;
    this.noBpf = noBpf;
  }

  private List<Fault> stops(boolean all) {
    Faults f = new Faults(mesh);
    String page = "productpage-v1";
    String details = "details-v1";
    List<Fault> stops =
        new ArrayList<>(
            List.of(
                FaultKind.SLOW_APP.on(f, page, details),
                FaultKind.BLOCKED_LOOP.on(f, page, details),
                FaultKind.STARVED_SIDECAR.on(f, Party.SERVER_SIDECAR, page, details),
                FaultKind.SLOW_FILTER.on(f, Party.SERVER_SIDECAR, "client", page),
                FaultKind.TRANSPORT_DELAY.on(f, page, details),
                FaultKind.PACKET_LOSS.on(f, page, details),
                FaultKind.LOST_SYN.on(f, "client", page),
                FaultKind.POOL_LIMIT.on(f, "client", page)));
    if (all) {
      stops.addAll(
          List.of(
              FaultKind.FROZEN_APP.on(f, page, details),
              FaultKind.FROZEN_SIDECAR.on(f, Party.SERVER_SIDECAR, page, details),
              FaultKind.STARVED_APP.on(f, page, details),
              FaultKind.FAULT_FILTER.on(f, Party.CLIENT_SIDECAR, "client", page),
              FaultKind.BANDWIDTH.on(f, page, details),
              FaultKind.BUSY_APP.on(f, page, details),
              FaultKind.APP_ERROR.on(f, page, details),
              FaultKind.SLOW_READER.on(f, page, details),
              FaultKind.SLOW_READING_CLIENT.on(f, page, details),
              FaultKind.TLS_PER_REQUEST.on(f, "client", page),
              FaultKind.RESET.on(f, page, details)));
    }
    return stops;
  }

  /**
   * @param only name of the one stop wanted, or null for all
   * @param all also the faults that the short tour leaves out
   * @return whether every verdict was right
   */
  boolean run(@Nullable String only, boolean all) {
    List<Fault> stops = chosen(only, all);
    int of = stops.size() + 1;
    int right = healthy(of) ? 1 : 0;
    profile();
    for (int i = 0; i < stops.size(); i++) {
      right += visit(i + 2, of, stops.get(i)) ? 1 : 0;
    }
    screen.summary(right, untold, of);
    return right + untold == of;
  }

  private List<Fault> chosen(@Nullable String only, boolean all) {
    List<Fault> known = stops(all || only != null);
    List<Fault> chosen = known.stream().filter(f -> only == null || f.name().equals(only)).toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "--only " + only + " is no stop of the tour; there are " + names(known));
    }
    return chosen;
  }

  private static String names(List<Fault> faults) {
    return faults.stream().map(Fault::name).collect(Collectors.joining(", "));
  }

  /** Starts the one stop's fault again, for whoever wants to look around in it. */
  void leave(@Nullable String only) {
    if (only != null) {
      for (Fault fault : chosen(only, true)) {
        fault.start();
        screen.left(fault);
      }
    }
  }

  /** So that the page's profiling view shows a task that runs, with what it has kept. */
  private void profile() {
    for (Object each : api.get("/api/v1/pods").getJsonArray("pods")) {
      JsonObject pod = (JsonObject) each;
      String name = pod.getString("namespace") + "/" + pod.getString("name");
      if (!noBpf && pod.getString("name").startsWith(PROFILED)) {
        JsonObject asked = new JsonObject().put("pod", name).put("heads", true);
        try {
          JsonObject task = api.post("/api/v1/profiling-tasks", asked.put("duration", PROFILE_FOR));
          screen.profiled(name, PROFILE_FOR, task.getString("id"), url);
        } catch (ApiClient.ApiException e) {
          screen.missing(e.getMessage() + ""); // by the environment's settings
        }
      }
    }
  }

  private boolean healthy(int of) {
    screen.stop(1, of, "healthy", "nothing injected");
    pause(BASELINE_SECONDS);
    JsonObject verdict = api.get("/api/v1/diagnosis?path=" + PATH + "&window=5s");
    screen.verdict(verdict);
    boolean right = "HEALTHY".equals(verdict.getString("status"));
    screen.judged(right, "expected HEALTHY");
    pause(REST_SECONDS);
    return right;
  }

  private boolean visit(int number, int of, Fault fault) {
    screen.stop(number, of, fault.name(), fault.description());
    Instant from = Instant.now().plusSeconds(1);
    fault.start();
    JsonObject verdict = settled(from);
    Truth truth = fault.stop();
    screen.verdict(verdict);
    screen.truth(truth);
    boolean right =
        truth.party().name().equals(verdict.getString("party"))
            && truth.cause().name().equals(verdict.getString("cause"));
    String expected = Screen.words(truth.party().name()) + ", " + truth.cause();
    if (noBpf && "UNDETERMINED".equals(verdict.getString("party"))) {
      untold++;
      screen.untold(expected);
    } else {
      screen.judged(right, "expected " + expected);
    }
    pause(REST_SECONDS);
    return right;
  }

  /** The first answer that two asks in a row agree on; after a while, the last one. */
  private JsonObject settled(Instant from) {
    pause(FIRST_ASK_SECONDS);
    JsonObject last = ask(from);
    for (long s = FIRST_ASK_SECONDS; s < LAST_ASK_SECONDS; s++) {
      pause(1);
      JsonObject next = ask(from);
      boolean degraded = "DEGRADED".equals(next.getString("status"));
      if (degraded && sameCause(last, next)) {
        return next;
      }
      last = next;
    }
    return last;
  }

  private JsonObject ask(Instant from) {
    return api.get("/api/v1/diagnosis?path=" + PATH + "&from=" + from);
  }

  private static boolean sameCause(JsonObject a, JsonObject b) {
    return String.valueOf(a.getString("cause")).equals(b.getString("cause"))
        && String.valueOf(a.getString("party")).equals(b.getString("party"));
  }

  private static void pause(long seconds) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
  }
}
