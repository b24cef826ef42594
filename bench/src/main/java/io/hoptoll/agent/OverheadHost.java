package io.hoptoll.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own for what the overhead bench attaches, so that its CPU and memory are not
 * mixed with the bench's. Each line of input is answered by one line; ends with its input.
 *
 * <pre>
 * start NAME      hoptoll:PAYLOAD, idle (the same, where nothing happens), scheduler, or an object of bench/src/main/bpf → ok | refused ...
 * stop            → ok
 * stats           exchanges decoded and records lost since the start → N N
 * times on|off    the kernel's clock around each program → ok | refused ...
 * programs        → as {@link BpfPrograms}
 * ring SECONDS    → as {@link OverheadRing}
 * </pre>
 */
public final class OverheadHost {
  /** What is attached at the moment. */
  interface Attached extends AutoCloseable {
    /** {@code exchanges lost}. */
    String stats();

    @Override
    void close();
  }

  /** Inodes of namespaces begin far above. */
  private static final long NO_NAMESPACE = 1;

  private @Nullable Attached attached;

  private OverheadHost() {}

  public static void main(String[] arguments) throws IOException {
    OverheadHost host = new OverheadHost();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(host.answer(line));
    }
    host.stop();
    System.exit(0);
  }

  private String answer(String line) {
    String[] words = line.split(" ", 2);
    try {
      return switch (words[0]) {
        case "start" -> start(words[1]);
        case "stop" -> stop();
        case "stats" -> attached == null ? "0 0" : attached.stats();
        case "times" -> BpfPrograms.times(words[1].equals("on"));
        case "programs" -> BpfPrograms.read();
        case "ring" -> OverheadRing.run(Double.parseDouble(words[1]));
        default -> "refused " + line;
      };
    } catch (AgentException e) {
      return "refused " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  private String start(String name) throws AgentException {
    stop();
    String[] parts = name.split(":", 2);
    attached =
        switch (parts[0]) {
          case "hoptoll" -> agent(Payload.valueOf(parts[1].toUpperCase(Locale.ROOT)), Set.of());
          case "idle" -> agent(Payload.PROTOCOL, Set.of(NO_NAMESPACE));
          case "scheduler" -> scheduler();
          default -> new OverheadRival(name);
        };
    return "ok";
  }

  private String stop() {
    if (attached != null) {
      attached.close();
      attached = null;
    }
    return "ok";
  }

  private static Attached agent(Payload payload, Set<Long> only) throws AgentException {
    AgentConfig config = new AgentConfig("bench", true, only).with(payload);
    SocketAgent agent = SocketAgent.start(config, new NoSink());
    return new Attached() {
      @Override
      public String stats() {
        AgentStats stats = agent.stats();
        return stats.exchanges() + " " + stats.ringLost();
      }

      @Override
      public void close() {
        agent.close();
      }
    };
  }

  /** The scheduler's hooks alone, this process being the one that is watched. */
  private static Attached scheduler() throws AgentException {
    RunQueueProbe probe = RunQueueProbe.start();
    probe.watch((int) ProcessHandle.current().pid());
    return new Attached() {
      @Override
      public String stats() {
        return "0 0";
      }

      @Override
      public void close() {
        probe.close();
      }
    };
  }
}
