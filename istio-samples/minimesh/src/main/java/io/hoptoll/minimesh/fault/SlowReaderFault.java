package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.Child;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** An app that reads bodies slowly, and a peer that sends such as fill its receive window. */
final class SlowReaderFault extends Fault {
  private static final int USUAL_ANSWER = 64;

  private final Child reader;
  private final Child sender;
  private final String sendOn;
  private final String sendOff;
  private final int bytesPerSecond;
  private final int bodyBytes;

  private SlowReaderFault(
      MiniMesh mesh, Party party, String from, String to, int bytesPerSecond, int bodyBytes) {
    super(
        party == Party.SERVER_APP ? "slow-reader" : "slow-reading-client",
        party,
        Cause.APP_SLOW_READER,
        from,
        to);
    boolean server = party == Party.SERVER_APP;
    this.reader = mesh.app(server ? to : from);
    this.sender = mesh.app(server ? from : to);
    this.sendOn = (server ? "body " : "size ") + bodyBytes;
    this.sendOff = server ? "body 0" : "size " + USUAL_ANSWER;
    this.bytesPerSecond = bytesPerSecond;
    this.bodyBytes = bodyBytes;
  }

  /** The server's app reads requests slowly. */
  static Fault server(MiniMesh mesh, String from, String to, int bytesPerSecond, int bytes) {
    return new SlowReaderFault(mesh, Party.SERVER_APP, from, to, bytesPerSecond, bytes);
  }

  /** The client's app reads answers slowly. */
  static Fault client(MiniMesh mesh, String from, String to, int bytesPerSecond, int bytes) {
    return new SlowReaderFault(mesh, Party.CLIENT_APP, from, to, bytesPerSecond, bytes);
  }

  @Override
  public String description() {
    boolean server = party() == Party.SERVER_APP;
    return "app of "
        + (server ? to : from)
        + " reads "
        + (server ? "requests" : "answers")
        + " of "
        + bodyBytes / 1024
        + " KiB at "
        + bytesPerSecond / 1024
        + " KiB/s";
  }

  @Override
  void inject() {
    reader.send("forget");
    reader.send("read " + bytesPerSecond);
    sender.send(sendOn);
  }

  @Override
  Truth.Held remove() {
    sender.send(sendOff);
    reader.send("read 0");
    return Truth.Held.parse(reader.ask("truth", "truth").split(" "), 1);
  }

  @Override
  String measured() {
    return "bodies read, the pauses between reads measured in the app";
  }
}
