package io.hoptoll.minimesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Removes what was made: a detached shell that waits for the end of its stdin, which this process
 * holds, and then cleans up. So the same code runs on close, on Ctrl-C and on kill -9.
 */
public final class Reaper implements AutoCloseable {
  private final Process shell;

  private Reaper(Process shell) {
    this.shell = shell;
  }

  /**
   * @param instance prefix of the namespaces and name of the cgroups
   * @param dir the mesh's files; pid files in it and its sub-folders name the processes
   */
  static Reaper start(String instance, Path dir, List<Path> cgroups) {
    StringBuilder groups = new StringBuilder();
    cgroups.forEach(c -> groups.append(' ').append(c));
    String script =
        """
        cat >/dev/null
        # who starts something writes into the folder first: from here on nobody can
        mv DIR DIR.gone
        # more than once: what was just being started shows up a moment later
        for try in 1 2 3 4 5; do
          for f in DIR.gone/*.pid DIR.gone/*/*.pid; do
            [ -s "$f" ] && kill -CONT $(cat "$f") 2>/dev/null
            [ -s "$f" ] && kill -9 $(cat "$f") 2>/dev/null
            rm -f "$f"
          done
          for n in $(ip netns list | cut -d' ' -f1 | grep '^INSTANCE-'); do
            for p in $(ip netns pids "$n"); do kill -9 "$p" 2>/dev/null; done
            ip netns del "$n"
          done
          rm -rf /etc/netns/INSTANCE-*
          for g in GROUPS; do
            [ -d "$g" ] && rmdir "$g"/* "$g" 2>/dev/null
          done
          sleep 0.1
        done
        rmdir /etc/netns 2>/dev/null
        rm -rf DIR DIR.gone
        """
            .replace("DIR", dir.toString())
            .replace("INSTANCE", instance)
            .replace("GROUPS", groups.toString().isBlank() ? "''" : groups.toString());
    return start(dir, script);
  }

  /** Removes one folder, when closed or when this process ends. */
  public static Reaper ofFolder(Path dir) {
    return start(dir, "cat >/dev/null\nrm -rf '" + dir + "'\n");
  }

  private static Reaper start(Path dir, String script) {
    try {
      Path file = Files.writeString(dir.resolve("reaper.sh"), script);
      Process p =
          new ProcessBuilder("setsid", "sh", file.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Reaper(p);
    } catch (IOException e) {
      throw new MeshException("reaper: " + e.getMessage(), e);
    }
  }

  /** Ends its wait, and waits until all is removed. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      shell.waitFor(20, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new MeshException("reaper: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
