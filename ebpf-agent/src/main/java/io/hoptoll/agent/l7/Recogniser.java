package io.hoptoll.agent.l7;

import io.hoptoll.model.WireProtocol;

/** Knows one protocol by its first bytes; says no where they could be another's. */
interface Recogniser {
  WireProtocol protocol();

  boolean matches(Heads heads);
}
