package io.hoptoll.agent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place in a file where a program of plaintext.bpf.c runs.
 *
 * @param function of the file, for words
 * @param program of section {@code uprobe}, or {@code uretprobe} at a function's begin
 * @param offset in the file
 */
record ProbePoint(String function, String program, long offset) {
  static final String READ = "SSL_read";
  static final String WRITE = "SSL_write";

  private static final String RETURNS = "ssl_call_returns";

  private static final Map<String, String> BEGINS =
      Map.of(
          READ,
          "ssl_read_begins",
          WRITE,
          "ssl_write_begins",
          "SSL_read_ex",
          "ssl_read_ex_begins",
          "SSL_write_ex",
          "ssl_write_ex_begins",
          "SSL_do_handshake",
          "ssl_handshake_begins");

  /** By Go's function, the part of the programs' names that they share. */
  private static final Map<String, String> GO =
      Map.of(
          GoProgram.READ,
          "go_read",
          GoProgram.WRITE,
          "go_write",
          GoProgram.SHAKE_AS_CLIENT,
          "go_handshake",
          GoProgram.SHAKE_AS_SERVER,
          "go_handshake");

  /** What is probed of OpenSSL; {@link #READ} and {@link #WRITE} there must be. */
  static Set<String> openSsl() {
    return BEGINS.keySet();
  }

  /**
   * In the order to attach in: returns first, since a call whose return is not seen would count as
   * under way. Go's writes begin last: an answer whose read was not seen to begin would be missed.
   */
  static List<ProbePoint> of(ElfFile file) {
    List<ProbePoint> points = new ArrayList<>();
    Map<String, Long> functions = file.functions();
    if (functions.keySet().containsAll(Set.of(READ, WRITE))) {
      functions.forEach((name, at) -> points.add(new ProbePoint(name, RETURNS, at)));
      functions.forEach((name, at) -> points.add(begin(name, at)));
    }
    for (GoProgram.Call call : file.go().calls()) {
      String program = GO.getOrDefault(call.function(), "");
      for (long at : call.returns()) {
        points.add(new ProbePoint(call.function(), program + "_returns", at));
      }
    }
    file.go().calls().stream()
        .sorted(Comparator.comparing(call -> call.function().equals(GoProgram.WRITE)))
        .map(
            call ->
                new ProbePoint(
                    call.function(),
                    GO.getOrDefault(call.function(), "") + "_begins",
                    call.begin()))
        .forEach(points::add);
    return points;
  }

  private static ProbePoint begin(String function, long at) {
    return new ProbePoint(function, BEGINS.getOrDefault(function, RETURNS), at);
  }
}
