package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jnr.ffi.annotations.SaveError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is pinned: an agent that is killed leaves no program in the kernel. */
@Tag("bpf")
class KilledAgentLiveTest {
  /** Of libbpf, what asks for a program by its number. */
  public interface ById {
    @SaveError
    int bpf_prog_get_fd_by_id(int id);
  }

  private static final Pattern PROGRAM = Pattern.compile("(?m)^prog_id:\\s*(\\d+)$");
  private static final int FEWEST = 5; // a program an event

  private final ById kernel = Native.load(ById.class, "libbpf.so.1");

  @Test
  void itsProgramsGoWithIt() throws Exception {
    Readiness readiness = SocketAgent.check(TestHooks.WANTED);
    assumeTrue(readiness.ready(), () -> String.join("; ", readiness.missing()));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process agent =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), AgentAlone.class.getName(), "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = String.valueOf(agent.inputReader().readLine());
      assertTrue(said.startsWith("missing "), said);
      Set<Integer> programs = programs(agent.pid());
      assertTrue(programs.size() >= FEWEST, programs::toString);
      assertEquals(programs, loaded(programs));
      agent.destroyForcibly().waitFor(); // SIGKILL
      for (int i = 0; i < 100 && !loaded(programs).isEmpty(); i++) {
        Thread.sleep(50); // they go once no CPU can be in one of them
      }
      assertEquals(Set.of(), loaded(programs));
    } finally {
      agent.destroyForcibly();
    }
  }

  /** Numbers of the programs that this process holds, or has attached. */
  private static Set<Integer> programs(long pid) throws IOException {
    Set<Integer> all = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
      for (Path file : files.toList()) {
        Matcher m = PROGRAM.matcher(orNothing(file));
        while (m.find()) {
          all.add(Integer.parseInt(m.group(1)));
        }
      }
    }
    return all;
  }

  /** Nothing of a descriptor that was closed since it was listed. */
  private static String orNothing(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return "";
    }
  }

  private Set<Integer> loaded(Set<Integer> programs) {
    Set<Integer> there = new TreeSet<>();
    for (int id : programs) {
      int fd = kernel.bpf_prog_get_fd_by_id(id);
      if (fd >= 0) {
        Native.C.close(fd);
        there.add(id);
      }
    }
    return there;
  }
}
