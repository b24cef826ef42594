package io.hoptoll.model;

/**
 * How much of HTTP messages' heads is to be read in a pod, for as long as a profiling task asks; 0:
 * nothing.
 *
 * @param clearBytes of each HTTP/1 request on the apps' own sockets in clear; more than 0 has
 *     HTTP/2's heads read, too
 * @param tlsBytes of each HTTP/1 message inside TLS
 */
public record HeadsAsked(int clearBytes, int tlsBytes) {
  public static final HeadsAsked NONE = new HeadsAsked(0, 0);

  /** As much as either of them asks. */
  public HeadsAsked max(HeadsAsked other) {
    return new HeadsAsked(
        Math.max(clearBytes, other.clearBytes), Math.max(tlsBytes, other.tlsBytes));
  }

  public boolean isNone() {
    return clearBytes <= 0 && tlsBytes <= 0;
  }
}
