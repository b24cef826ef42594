package io.hoptoll.minimesh.service;

import java.io.IOException;
import java.util.Map;

/** Calls one target in one protocol. */
interface Caller extends AutoCloseable {
  /**
   * One request and its whole answer.
   *
   * @return its status in HTTP's numbers
   */
  int call(String path, Map<String, String> headers, String stamp) throws IOException;

  @Override
  void close();
}
