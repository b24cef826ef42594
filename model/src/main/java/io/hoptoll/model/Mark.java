package io.hoptoll.model;

/**
 * The points in time of one hop, in the order in which a request passes them. E1..E6 are the six
 * socket ends of DESIGN section 1: client app, client sidecar in, client sidecar out, server
 * sidecar in, server sidecar out, server app.
 */
public enum Mark {
  CLIENT_APP_SENT("E1 first byte sent", true),
  CLIENT_SIDECAR_READY("E2 data ready", true),
  CLIENT_SIDECAR_READ("E2 first read", true),
  CLIENT_SIDECAR_SENT("E3 first byte sent", true),
  SERVER_SIDECAR_READY("E4 data ready", false),
  SERVER_SIDECAR_READ("E4 first read", false),
  SERVER_SIDECAR_SENT("E5 first byte sent", false),
  SERVER_APP_READY("E6 data ready", false),
  SERVER_APP_READ("E6 first read", false),
  SERVER_APP_READ_LAST("E6 last read of the request", false),
  SERVER_APP_ANSWERED("E6 first response byte sent", false),
  SERVER_SIDECAR_ANSWER_READY("E5 data ready", false),
  SERVER_SIDECAR_ANSWER_READ("E5 first read", false),
  SERVER_SIDECAR_ANSWERED("E4 first byte sent", false),
  CLIENT_SIDECAR_ANSWER_READY("E3 data ready", true),
  CLIENT_SIDECAR_ANSWER_READ("E3 first read", true),
  CLIENT_SIDECAR_ANSWERED("E2 first byte sent", true),
  CLIENT_APP_ANSWER_READY("E1 data ready", true),
  CLIENT_APP_ANSWER_READ("E1 first read", true),
  CLIENT_APP_READ_LAST("E1 last read", true);

  private final String meaning;
  private final boolean clientSide;

  Mark(String meaning, boolean clientSide) {
    this.meaning = meaning;
    this.clientSide = clientSide;
  }

  public String meaning() {
    return meaning;
  }

  /** Taken on the client pod's clock; else on the server pod's. */
  public boolean isClientSide() {
    return clientSide;
  }
}
