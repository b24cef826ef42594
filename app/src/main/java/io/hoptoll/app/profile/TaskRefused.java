package io.hoptoll.app.profile;

/** A task that cannot be had now; the message says why and what to do. */
public final class TaskRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskRefused(String message) {
    super(message);
  }
}
