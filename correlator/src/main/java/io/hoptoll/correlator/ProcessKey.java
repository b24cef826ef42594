package io.hoptoll.correlator;

/** A process on its node. */
record ProcessKey(String node, int tgid) {}
