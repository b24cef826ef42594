package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.Child;
import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Cause;
import io.hoptoll.model.Party;

/** A knob of a service's app; the app itself measures each request that it holds. */
final class AppFault extends Fault {
  private final Child app;
  private final String on;
  private final String off;
  private final String what;

  private AppFault(
      String name,
      Cause cause,
      MiniMesh mesh,
      String from,
      String to,
      String on,
      String off,
      String what) {
    super(name, Party.SERVER_APP, cause, from, to);
    this.app = mesh.app(to);
    this.on = on;
    this.off = off;
    this.what = what;
  }

  /** The app sleeps in each request. */
  static Fault slow(MiniMesh mesh, String from, String to, int millis) {
    return new AppFault(
        "slow-app",
        Cause.APP_SERVICE_TIME,
        mesh,
        from,
        to,
        "delay " + millis,
        "delay 0",
        "app of " + to + " sleeps " + millis + " ms in each request");
  }

  /** The app burns CPU in each request. */
  static Fault busy(MiniMesh mesh, String from, String to, int millis) {
    return new AppFault(
        "busy-app",
        Cause.APP_SERVICE_TIME,
        mesh,
        from,
        to,
        "cpu " + millis,
        "cpu 0",
        "app of " + to + " burns " + millis + " ms of CPU in each request");
  }

  /** Something else keeps the app's loop busy, so requests lie unread in its sockets. */
  static Fault blockedLoop(MiniMesh mesh, String from, String to, int block, int free) {
    return new AppFault(
        "blocked-loop",
        Cause.APP_PICKUP_DELAY,
        mesh,
        from,
        to,
        "block " + block + " " + free,
        "block 0 0",
        "event loop of " + to + "'s app is busy " + block + " ms of every " + (block + free));
  }

  /** The app answers with an error at once. */
  static Fault error(MiniMesh mesh, String from, String to, int status, int permille) {
    return new AppFault(
        "app-error",
        Cause.APP_ERROR,
        mesh,
        from,
        to,
        "error " + status + " " + permille,
        "error 200 0",
        "app of " + to + " answers " + status + " to " + permille / 10.0 + " % of the requests");
  }

  @Override
  public String description() {
    return what;
  }

  @Override
  void inject() {
    app.send("forget");
    app.send(on);
  }

  @Override
  Truth.Held remove() {
    app.send(off);
    return Truth.Held.parse(app.ask("truth", "truth").split(" "), 1);
  }

  @Override
  String measured() {
    return "requests held, each measured in the app";
  }
}
