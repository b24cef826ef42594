package io.hoptoll.als;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a unix listener: left-overs removed before, permissions after binding. */
final class UnixSocketFile {
  private UnixSocketFile() {}

  /**
   * Makes room at {@code path}: removes the socket a dead process left.
   *
   * @throws IOException when a process listens there, or something else is in the way
   */
  static void prepare(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Boolean.TRUE.equals(Files.getAttribute(path, "isOther", LinkOption.NOFOLLOW_LINKS));
    if (!socket) {
      throw new IOException(path + " exists and is no socket; remove it or choose another path");
    }
    if (answers(path)) {
      throw new IOException("another process listens on " + path);
    }
    Files.delete(path);
  }

  /** Sidecars run as another user (1337): everyone may connect. */
  static void openToAll(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  private static boolean answers(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }
}
