package io.hoptoll.agent;

/** The agent cannot run here, or no longer: the message says what, where and what to do. */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1L;

  AgentException(String message) {
    super(message);
  }

  AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
