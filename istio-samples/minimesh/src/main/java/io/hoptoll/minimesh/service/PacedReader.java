package io.hoptoll.minimesh.service;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;

/** Reads a body and drops it, no faster than a knob says; the pauses are the truth. */
final class PacedReader {
  private static final int STEPS_PER_SECOND = 100;
  private static final int PIECE = 16_384;

  private final Knobs knobs;

  PacedReader(Knobs knobs) {
    this.knobs = knobs;
  }

  /** Reads {@code length} bytes. */
  void read(InputStream in, long length) throws IOException {
    int rate = knobs.readBytesPerSecond;
    if (rate == 0) {
      readAll(in, length);
      return;
    }
    if (length == 0) {
      return;
    }
    byte[] piece = new byte[Math.max(1, rate / STEPS_PER_SECOND)];
    long begin = System.nanoTime();
    long paused = 0;
    for (long read = 0; read < length; ) {
      int n = in.read(piece, 0, (int) Math.min(piece.length, length - read));
      if (n < 0) {
        throw new EOFException("body ended after " + read + " of " + length + " bytes");
      }
      read += n;
      paused += pauseUntil(begin + read * 1_000_000_000L / rate);
    }
    knobs.held.add(paused);
  }

  /** Not by skipping: the JDK's HTTP server does not count what is skipped, and waits for it. */
  private static void readAll(InputStream in, long length) throws IOException {
    for (long left = length; left > 0; ) {
      int n = in.readNBytes((int) Math.min(left, PIECE)).length;
      if (n == 0) {
        throw new EOFException("body ended " + left + " bytes early");
      }
      left -= n;
    }
  }

  private static long pauseUntil(long dueNanos) {
    long begin = System.nanoTime();
    for (long left = dueNanos - begin; left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return System.nanoTime() - begin;
  }
}
