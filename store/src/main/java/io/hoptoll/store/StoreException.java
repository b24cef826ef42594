package io.hoptoll.store;

/** The store cannot be used; the message says where, why and what to do. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreException(String message) {
    super(message);
  }
}
