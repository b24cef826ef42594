package io.hoptoll.wire;

/**
 * Socket cookies count from 1 at each boot. The server knows how often it saw the node boot, and
 * puts that above the cookie: sockets of two boots never mix.
 */
record SocketIds(int boot) {
  /** A kernel that opens a million sockets a second takes nine years to count so far. */
  private static final int COOKIE_BITS = 48;

  static final SocketIds FIRST_BOOT = new SocketIds(0);

  /** 0 is no socket. */
  long of(long cookie) {
    return cookie == 0 ? 0 : cookie + ((long) (boot & 0x7FFF) << COOKIE_BITS);
  }
}
