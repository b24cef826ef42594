package io.hoptoll.als;

import io.hoptoll.model.Proxy;

/** What a stream's first message says of all that follow. */
record Identity(Proxy proxy, String logName) {}
