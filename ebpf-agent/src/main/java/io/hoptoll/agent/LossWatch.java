package io.hoptoll.agent;

import io.hoptoll.model.SocketSink;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loss probes where the kernel takes them; else what is missing without them, in words. */
final class LossWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LossWatch.class);

  private final @Nullable LossProbes probes;
  private final List<String> missing;

  private LossWatch(@Nullable LossProbes probes, List<String> missing) {
    this.probes = probes;
    this.missing = missing;
  }

  /** Loads and attaches; never fails, the exchanges are worth having without. */
  static LossWatch start(AgentConfig config, Path proc, Probes exchange, SocketSink out) {
    if (!exchange.hooks().typed()) {
      return new LossWatch(
          null, List.of("loss probes: the hooks in use do not lead to their sockets"));
    }
    LossProbes probes = null;
    try {
      probes = LossProbes.load(config, proc, exchange, out);
      probes.attach();
      return new LossWatch(
          probes,
          probes.missing().stream()
              .map(t -> "kernel tracepoint " + t + ": what it tells of losses is not told")
              .toList());
    } catch (AgentException e) {
      LOG.warn("retransmit causes, drops and resets are not told: {}", e.getMessage());
      if (probes != null) {
        probes.close();
      }
      return new LossWatch(null, List.of("loss probes: " + firstLine(e)));
    }
  }

  private static String firstLine(AgentException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  List<String> missing() {
    return missing;
  }

  List<String> attached() {
    return probes == null ? List.of() : probes.attached();
  }

  int drain() {
    return probes == null ? 0 : probes.drain();
  }

  void look() {
    if (probes != null) {
      probes.look();
    }
  }

  long events() {
    return probes == null ? 0 : probes.events();
  }

  long drops() {
    return probes == null ? 0 : probes.drops();
  }

  /** The exchange probes' counters and these. */
  Map<String, Long> with(Map<String, Long> failures) {
    Map<String, Long> all = new LinkedHashMap<>(failures);
    if (probes != null) {
      all.putAll(probes.failures());
    }
    return all;
  }

  void detach() {
    if (probes != null) {
      probes.detach();
    }
  }

  @Override
  public void close() {
    if (probes != null) {
      probes.close();
    }
  }
}
