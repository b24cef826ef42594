package io.hoptoll.minimesh.fault;

import io.hoptoll.minimesh.MiniMesh;
import io.hoptoll.model.Party;

/** All faults there are, placeable on any edge of a mesh. Sizes are the caller's. */
public final class Faults {
  private final MiniMesh mesh;

  public Faults(MiniMesh mesh) {
    this.mesh = mesh;
  }

  public Fault slowApp(String from, String to, int millis) {
    return AppFault.slow(mesh, from, to, millis);
  }

  public Fault busyApp(String from, String to, int millis) {
    return AppFault.busy(mesh, from, to, millis);
  }

  public Fault blockedLoop(String from, String to, int blockMillis, int freeMillis) {
    return AppFault.blockedLoop(mesh, from, to, blockMillis, freeMillis);
  }

  /** The app answers so many of 1000 requests with this status. */
  public Fault appError(String from, String to, int status, int permille) {
    return AppFault.error(mesh, from, to, status, permille);
  }

  /** The server's app reads requests slowly; the client's app is made to send bodies. */
  public Fault slowReader(String from, String to, int bytesPerSecond, int bodyBytes) {
    return SlowReaderFault.server(mesh, from, to, bytesPerSecond, bodyBytes);
  }

  /** The client's app reads answers slowly; the server's app is made to send long ones. */
  public Fault slowReadingClient(String from, String to, int bytesPerSecond, int bodyBytes) {
    return SlowReaderFault.client(mesh, from, to, bytesPerSecond, bodyBytes);
  }

  /** {@code micros} of CPU in each 100 ms. */
  public Fault starvedApp(String from, String to, int micros) {
    return QuotaFault.app(mesh, from, to, micros);
  }

  /** {@code party}: which of the edge's two sidecars, here and below. */
  public Fault starvedSidecar(Party party, String from, String to, int micros) {
    return QuotaFault.sidecar(mesh, party, from, to, micros);
  }

  public Fault starvedSidecar(String from, String to, int micros) {
    return starvedSidecar(Party.SERVER_SIDECAR, from, to, micros);
  }

  public Fault frozenApp(String from, String to, int stopMillis, int runMillis) {
    return FreezeFault.app(mesh, from, to, stopMillis, runMillis);
  }

  public Fault frozenSidecar(Party party, String from, String to, int stopMillis, int runMillis) {
    return FreezeFault.sidecar(mesh, party, from, to, stopMillis, runMillis);
  }

  public Fault frozenSidecar(String from, String to, int stopMillis, int runMillis) {
    return frozenSidecar(Party.SERVER_SIDECAR, from, to, stopMillis, runMillis);
  }

  public Fault slowFilter(Party party, String from, String to, int millis) {
    return SettingsFault.luaBusy(mesh, party, from, to, millis);
  }

  public Fault slowFilter(String from, String to, int millis) {
    return slowFilter(Party.SERVER_SIDECAR, from, to, millis);
  }

  public Fault faultFilter(Party party, String from, String to, int millis) {
    return new FilterDelayFault(mesh, party, from, to, millis);
  }

  public Fault poolLimit(String from, String to) {
    return SettingsFault.poolLimit(mesh, from, to);
  }

  public Fault tlsPerRequest(String from, String to) {
    return SettingsFault.tlsPerRequest(mesh, from, to);
  }

  public Fault transportDelay(String from, String to, int micros, boolean bothWays) {
    return new DelayFault(mesh, from, to, micros, bothWays);
  }

  public Fault packetLoss(String from, String to, double share) {
    return DropFault.loss(mesh, from, to, share);
  }

  public Fault lostSyn(String from, String to, int every) {
    return DropFault.synLoss(mesh, from, to, every);
  }

  public Fault bandwidth(String from, String to, int kilobits, int bodyBytes) {
    return new BandwidthFault(mesh, from, to, kilobits, bodyBytes);
  }

  /** Every n-th packet is answered by a reset. */
  public Fault reset(String from, String to, int every) {
    return new ResetFault(mesh, from, to, every);
  }
}
