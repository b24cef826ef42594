package io.hoptoll.app.config;

import java.util.List;

/** Settings that cannot be used: each with where it stands, its key and what is wanted. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
