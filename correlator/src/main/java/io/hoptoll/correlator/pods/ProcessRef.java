package io.hoptoll.correlator.pods;

/** A process on its node; tgid 0: the owner of a socket that no process has used yet. */
record ProcessRef(String node, int tgid) {}
