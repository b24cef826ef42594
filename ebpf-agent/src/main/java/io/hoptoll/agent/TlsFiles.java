package io.hoptoll.agent;

import io.hoptoll.model.Latest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files that a process has mapped hold functions of TLS that are probed (proc(5): maps), or
 * why there are none. OpenSSL's library by its name; or the program itself, as Node's, or made by
 * Go. One thread.
 */
final class TlsFiles {
  /** Files looked into and remembered, of a few hundred bytes each; the one unused longest goes. */
  private static final int REMEMBERED = 1_024;

  /** Lines of one process's maps that are looked at. */
  private static final int LINES = 16_384;

  /**
   * A file as the kernel knows it.
   *
   * @param device of the map, such as {@code 08:01}
   */
  record Key(String device, long inode) {}

  /**
   * A file to attach to.
   *
   * @param path by which this process, in its own mount namespace, is sure to find it
   * @param name as the process calls it
   */
  record Found(Key key, Path path, String name, List<ProbePoint> points) {}

  /**
   * @param files none where {@code why} says something
   */
  record Look(List<Found> files, String why) {}

  /** A file's number may be another's later, and a file may be written over. */
  private record Stamp(String file, long size, String changed, FileTime modified) {
    static Stamp of(Path file) throws IOException {
      Map<String, Object> said = Files.readAttributes(file, "unix:ino,dev,size,ctime");
      return new Stamp(
          said.get("dev") + ":" + said.get("ino"),
          Files.size(file),
          String.valueOf(said.get("ctime")),
          Files.getLastModifiedTime(file));
    }
  }

  private record Known(ElfFile elf, Stamp stamp) {}

  private record Mapped(Key key, String name) {}

  private final Path proc;
  private final Map<Key, Known> known = Latest.used(REMEMBERED);

  TlsFiles(Path proc) {
    this.proc = proc;
  }

  /** Of a process that ended meanwhile, as of one that may not be read, it says so. */
  Look of(int tgid) {
    Path dir = proc.resolve(Integer.toString(tgid));
    List<Found> files = new ArrayList<>();
    String why = "";
    try {
      String program = Files.readSymbolicLink(dir.resolve("exe")).toString();
      Map<Key, Mapped> mapped = executable(dir);
      String go = "";
      for (Mapped m : mapped.values()) {
        boolean isLibrary = isLibssl(m.name());
        if (isLibrary || m.name().equals(program)) {
          ElfFile elf = elf(dir, m);
          List<ProbePoint> points = ProbePoint.of(elf);
          if (!points.isEmpty()) {
            files.add(new Found(m.key(), path(dir, m), m.name(), points));
          } else if (isLibrary) {
            why = m.name() + " has no " + ProbePoint.READ;
          } else {
            go = elf.go().why();
          }
        }
      }
      return new Look(files, files.isEmpty() ? why(why, program, mapped, go) : "");
    } catch (IOException | RuntimeException e) {
      return new Look(files, files.isEmpty() ? "cannot be read: " + e : "");
    }
  }

  private static String why(String found, String program, Map<Key, Mapped> mapped, String go) {
    if (!found.isEmpty()) {
      return found;
    }
    if (has(mapped, "libjvm.so")) {
      return "JVM: its TLS (JSSE) is compiled as it runs and has no symbol";
    }
    if (program.endsWith("/envoy")) {
      return "Envoy: its BoringSSL is inside, without symbols; its access log tells its requests";
    }
    if (!go.isEmpty()) {
      return "Go: " + go;
    }
    if (has(mapped, "libgnutls.so")) {
      return "GnuTLS is not read";
    }
    if (program.endsWith(" (deleted)")) {
      return "its program's file was replaced since it started";
    }
    return "no OpenSSL mapped so far; a static one without symbols cannot be found";
  }

  private static boolean has(Map<Key, Mapped> mapped, String name) {
    return mapped.values().stream().anyMatch(m -> m.name().contains("/" + name));
  }

  /** {@code libssl.so.3}, and the copies that Python's wheels bring: {@code libssl-1a2b.so.1.1}. */
  static boolean isLibssl(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.matches("libssl(-[0-9a-f]+)?\\.so.*");
  }

  private ElfFile elf(Path dir, Mapped m) throws IOException {
    Stamp stamp = Stamp.of(path(dir, m));
    Known before = known.get(m.key());
    if (before != null && before.stamp().equals(stamp)) {
      return before.elf();
    }
    ElfFile elf;
    try {
      elf = ElfFile.read(path(dir, m), ProbePoint.openSsl());
    } catch (OutOfMemoryError e) { // by one large table; it is free again
      throw new IOException("its tables are larger than the agent's memory", e);
    }
    known.put(m.key(), new Known(elf, stamp));
    return elf;
  }

  private static Path path(Path dir, Mapped m) {
    return Path.of(dir + "/root" + m.name());
  }

  /** {@code BEGIN-END r-xp OFFSET DEVICE INODE PATH}, each file once. */
  private static Map<Key, Mapped> executable(Path dir) throws IOException {
    Map<Key, Mapped> files = new LinkedHashMap<>();
    try (var lines =
        Files.lines(dir.resolve("maps"), java.nio.charset.StandardCharsets.ISO_8859_1)) {
      lines
          .limit(LINES)
          .map(line -> line.split(" +", 6))
          .filter(f -> f.length == 6 && f[1].indexOf('x') >= 0 && f[5].startsWith("/"))
          .map(f -> new Mapped(new Key(f[3], Long.parseLong(f[4])), f[5]))
          .forEach(m -> files.putIfAbsent(m.key(), m));
    }
    return files;
  }
}
