package io.hoptoll.model;

/**
 * Envoy's response flags with a field in {@code ResponseFlags} (accesslog.proto), by short code.
 */
public enum ResponseFlag {
  LH,
  UH,
  UT,
  LR,
  UR,
  UF,
  UC,
  UO,
  NR,
  DI,
  FI,
  RL,
  UAEX,
  RLSE,
  DC,
  URX,
  SI,
  IH,
  DPE,
  UMSDR,
  RFCF,
  NFCF,
  DT,
  UPE,
  NC,
  OM,
  DF,
  DR;

  public long bit() {
    return 1L << ordinal();
  }
}
