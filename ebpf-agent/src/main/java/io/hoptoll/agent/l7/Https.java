package io.hoptoll.agent.l7;

import io.hoptoll.model.WireProtocol;

/** TLS whose client offers HTTP. */
final class Https implements Recogniser {
  @Override
  public WireProtocol protocol() {
    return WireProtocol.HTTPS;
  }

  @Override
  public boolean matches(Heads heads) {
    return ClientHello.of(heads.client()).filter(ClientHello::offersHttp).isPresent();
  }
}
