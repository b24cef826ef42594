package io.hoptoll.correlator.pods;

import io.hoptoll.model.Endpoint;

/** One end of a line. */
sealed interface Party {
  /** Stable as long as the process runs; fit for a URL. */
  String id();

  /** A process of the pod. */
  record Inside(ProcessRef process) implements Party {
    @Override
    public String id() {
      return "p" + process.tgid();
    }
  }

  /**
   * A peer outside the pod.
   *
   * @param address with the port of a server; a client's ports change, so without
   */
  record Outside(Endpoint address) implements Party {
    @Override
    public String id() {
      return address.port() == 0 ? address.ip() : address.ip() + "_" + address.port();
    }
  }

  /** All for which there was no room. */
  record Other() implements Party {
    @Override
    public String id() {
      return "{other}";
    }
  }
}
