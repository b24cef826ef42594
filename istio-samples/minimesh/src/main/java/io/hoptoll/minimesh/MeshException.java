package io.hoptoll.minimesh;

/** The mesh cannot be built or changed: what failed, where, and what to do. */
public final class MeshException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MeshException(String message) {
    super(message);
  }

  public MeshException(String message, Throwable cause) {
    super(message, cause);
  }
}
