package io.hoptoll.agent.l7;

import io.hoptoll.model.WireProtocol;

/** TLS, by the client's first message. */
final class Tls implements Recogniser {
  @Override
  public WireProtocol protocol() {
    return WireProtocol.TLS;
  }

  @Override
  public boolean matches(Heads heads) {
    return ClientHello.of(heads.client()).isPresent();
  }
}
