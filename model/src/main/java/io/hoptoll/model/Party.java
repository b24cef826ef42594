package io.hoptoll.model;

/** Who a leg's time is charged to. */
public enum Party {
  CLIENT_APP("client app"),
  CLIENT_SIDECAR("client sidecar"),
  TRANSPORT("transport"),
  SERVER_SIDECAR("server sidecar"),
  SERVER_APP("server app"),
  /** A merged leg that spans several parties: no source tells them apart. */
  UNDETERMINED("undetermined");

  private final String label;

  Party(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
