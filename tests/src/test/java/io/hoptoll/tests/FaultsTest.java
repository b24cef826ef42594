package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.LoadGenerator;
import io.hoptoll.minimesh.LoadPlan;
import io.hoptoll.minimesh.MeshConfig;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.minimesh.Topology;
import io.hoptoll.minimesh.fault.Fault;
import io.hoptoll.minimesh.fault.Faults;
import io.hoptoll.minimesh.fault.Truth;
import io.hoptoll.model.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The minimesh's own injectors do what they say, measure it, and take it back. One mesh: client →
 * hop1 → hop2, faults on the second edge.
 */
@Tag("mesh")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NullUnmarked // what @BeforeAll could not start here stays null, and the tests abort
class FaultsTest {
  private static final int REQUESTS = 16;
  private static final int OVERLAP_MILLIS = 40;
  private static final int TRIALS = 3;
  private static final LoadPlan LOAD = LoadPlan.of("hop1", "/faults", 40, 4);
  private static final String FROM = "hop1-v1";
  private static final String TO = "hop2-v1";

  /** How requests show it. */
  private enum Effect {
    /** Most are slower. */
    MEDIAN,
    /** A few are slower by far. */
    TAIL,
    /** Some fail. */
    ERRORS,
    /** Each does a thing that none did before, and the truth counts it. */
    EACH
  }

  enum Kind {
    SLOW_APP(Effect.MEDIAN, true, f -> f.slowApp(FROM, TO, 100)),
    BUSY_APP(Effect.MEDIAN, true, f -> f.busyApp(FROM, TO, 60)),
    BLOCKED_LOOP(Effect.MEDIAN, true, f -> f.blockedLoop(FROM, TO, 200, 20)),
    SLOW_READER(Effect.MEDIAN, true, f -> f.slowReader(FROM, TO, 320_000, 32_000)),
    SLOW_READING_CLIENT(Effect.MEDIAN, true, f -> f.slowReadingClient(FROM, TO, 320_000, 32_000)),
    APP_ERROR(Effect.ERRORS, false, f -> f.appError(FROM, TO, 500, 300)),
    STARVED_APP(Effect.MEDIAN, true, f -> f.starvedApp(FROM, TO, 1_000)),
    STARVED_SIDECAR(Effect.MEDIAN, true, f -> f.starvedSidecar(FROM, TO, 1_000)),
    FROZEN_APP(Effect.MEDIAN, true, f -> f.frozenApp(FROM, TO, 200, 20)),
    FROZEN_SIDECAR(Effect.MEDIAN, true, f -> f.frozenSidecar(FROM, TO, 200, 20)),
    SLOW_FILTER(Effect.MEDIAN, true, f -> f.slowFilter(FROM, TO, 60)),
    FAULT_FILTER(Effect.MEDIAN, true, f -> f.faultFilter(Party.CLIENT_SIDECAR, FROM, TO, 100)),
    POOL_LIMIT(Effect.EACH, false, f -> f.poolLimit(FROM, TO)),
    TLS_PER_REQUEST(Effect.EACH, false, f -> f.tlsPerRequest(FROM, TO)),
    TRANSPORT_DELAY(Effect.MEDIAN, true, f -> f.transportDelay(FROM, TO, 50_000, true)),
    TRANSPORT_DELAY_ONE_WAY(Effect.MEDIAN, true, f -> f.transportDelay(FROM, TO, 100_000, false)),
    PACKET_LOSS(Effect.TAIL, false, f -> f.packetLoss(FROM, TO, 0.5)),
    LOST_SYN(Effect.TAIL, false, f -> f.lostSyn(FROM, TO, 2)),
    BANDWIDTH(Effect.MEDIAN, false, f -> f.bandwidth(FROM, TO, 2_000, 40_000)),
    RESET(Effect.ERRORS, false, f -> f.reset(FROM, TO, 2));

    private final Effect effect;
    private final boolean timed;
    private final Function<Faults, Fault> on;

    Kind(Effect effect, boolean timed, Function<Faults, Fault> on) {
      this.effect = effect;
      this.timed = timed;
      this.on = on;
    }
  }

  private MiniMesh mesh;
  private LoadGenerator.Stats healthy;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    if (!MachineAllows.mesh()) {
      return; // each test aborts with the reason
    }
    String nobody = "unix:" + Here.opened(dir).resolve("none.sock");
    mesh = MiniMesh.start(MeshConfig.of(Topology.chain(2, 1), nobody));
    load(); // classes load, pools fill
    healthy = load();
  }

  @BeforeEach
  void require() {
    Here.canRunMesh();
  }

  @AfterAll
  void stop() {
    if (mesh != null) {
      mesh.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void doesWhatItSaysMeasuresItAndTakesItBack(Kind kind) {
    Fault fault = kind.on.apply(new Faults(mesh));
    boolean shared = kind == Kind.POOL_LIMIT; // is felt only by requests that overlap
    mesh.app(TO).send("delay " + (shared ? OVERLAP_MILLIS : 0));
    fault.start();
    LoadGenerator.Stats hurt;
    Truth truth;
    try {
      hurt = load();
    } finally {
      truth = fault.stop();
      mesh.app(TO).send("delay 0");
    }
    String told = fault.description() + ": " + hurt + "; healthy " + healthy + "; " + truth;
    assertTrue(shows(kind.effect, hurt, truth), told);
    assertTrue(!kind.timed || truth.held().totalNanos() > 0, told);
    assertTrue(truth.held().count() > 0 || truth.held().totalNanos() > 0, told);
    assertTrue(truth.stopWallNanos() > truth.startWallNanos(), told);
    restored(kind, hurt, told);
  }

  private boolean shows(Effect effect, LoadGenerator.Stats hurt, Truth truth) {
    return switch (effect) {
      case MEDIAN -> hurt.p50Nanos() > 3 * healthy.p50Nanos();
      case TAIL -> hurt.p99Nanos() > 3 * healthy.p99Nanos();
      case ERRORS -> hurt.errors() > 0;
      case EACH -> truth.held().count() >= hurt.requests() / 2;
    };
  }

  /** A busy machine may spoil one trial; a fault that stays spoils all. */
  private void restored(Kind kind, LoadGenerator.Stats hurt, String told) {
    LoadGenerator.Stats after = load();
    for (int i = 1; i < TRIALS && !well(kind, hurt, after); i++) {
      after = load();
    }
    assertTrue(well(kind, hurt, after), told + "; afterwards " + after);
    assertEquals(0, after.errors(), told);
  }

  private boolean well(Kind kind, LoadGenerator.Stats hurt, LoadGenerator.Stats after) {
    boolean faster =
        switch (kind.effect) {
          case MEDIAN -> 2 * after.p50Nanos() < hurt.p50Nanos();
          case TAIL -> 2 * after.p99Nanos() < hurt.p99Nanos();
          case ERRORS, EACH -> true;
        };
    return faster && after.errors() == 0;
  }

  /** A short load, and what its requests met. */
  private LoadGenerator.Stats load() {
    LoadGenerator load = mesh.load();
    load.reset();
    load.start(LOAD);
    try {
      Eventually.isTrue(
          Duration.ofSeconds(15),
          () -> load.stats().requests() >= REQUESTS,
          () -> "too slow: " + load.stats());
    } finally {
      load.stop();
    }
    return load.stats();
  }
}
