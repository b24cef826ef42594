package io.hoptoll.app;

import com.sun.management.OperatingSystemMXBean;
import io.hoptoll.agent.SocketAgent;
import io.hoptoll.als.AlsServer;
import io.hoptoll.app.api.Health;
import io.hoptoll.correlator.AccessLogLoss;
import io.hoptoll.correlator.Correlator;
import io.hoptoll.correlator.JoinCounters;
import io.hoptoll.model.Nanos;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers every part's numbers for {@code /healthz}. */
final class HealthReport {
  private final CorrelatorLoop loop;
  private final Correlator correlator;
  private final AlsServer als;
  private final @Nullable SocketAgent agent;
  private final AgentList agents;
  private final WindowStore store;
  private final Supplier<List<String>> missing;

  HealthReport(
      CorrelatorLoop loop,
      Correlator correlator,
      AlsServer als,
      @Nullable SocketAgent agent,
      AgentList agents,
      WindowStore store,
      Supplier<List<String>> missing) {
    this.loop = loop;
    this.correlator = correlator;
    this.als = als;
    this.agent = agent;
    this.agents = agents;
    this.store = store;
    this.missing = missing;
  }

  Health report() {
    JsonObject components =
        new JsonObject()
            .put("als", als())
            .put("agent", agent())
            .put("agents", agents.health())
            .put("correlator", correlator())
            .put("store", store.health())
            .put("process", process());
    return new Health(true, components, missing.get());
  }

  private JsonObject als() {
    return JsonObject.mapFrom(als.stats());
  }

  private JsonObject agent() {
    return agent == null
        ? new JsonObject().put("running", false)
        : JsonObject.mapFrom(agent.stats())
            .put("running", true)
            .put("tls", JsonObject.mapFrom(agent.plaintext()));
  }

  /** What this process takes itself; the probes' time is on the apps' account. */
  private static JsonObject process() {
    var os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new JsonObject()
        .put("uptimeNanos", ManagementFactory.getRuntimeMXBean().getUptime() * Nanos.PER_MILLI)
        .put("cpuNanos", os.getProcessCpuTime())
        .put("cpus", os.getAvailableProcessors())
        .put("heapUsedBytes", heap.getUsed())
        .put("heapMaxBytes", heap.getMax())
        .put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private JsonObject correlator() {
    JsonObject json =
        new JsonObject()
            .put("queued", loop.queued())
            .put("dropped", loop.dropped())
            .put("shed", loop.shed())
            .put("sheddingLevel", loop.sheddingLevel())
            .put("failures", loop.failures())
            .put("joinedShare", correlator.joinedShare());
    JsonObject counts = new JsonObject();
    for (JoinCounters.Count c : JoinCounters.Count.values()) {
      counts.put(c.name().toLowerCase(Locale.ROOT), correlator.counters().get(c));
    }
    return json.put("accessLogs", accessLogs()).put("counts", counts);
  }

  private JsonArray accessLogs() {
    JsonArray pods = new JsonArray();
    for (AccessLogLoss.Told t : correlator.accessLogs()) {
      pods.add(
          new JsonObject()
              .put("pod", t.pod())
              .put("told", t.told())
              .put("untold", t.untold())
              .put("untoldShare", t.untoldShare()));
    }
    return pods;
  }
}
