package io.hoptoll.agent;

import com.kenai.jffi.MemoryIO;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A BPF ring buffer mapped into this process: no native call, no copy and no wake-up per record.
 * One consumer thread. Layout: kernel/bpf/ringbuf.c (consumer page, producer page, data mapped
 * twice so that a record never wraps).
 */
final class RingBuffer implements AutoCloseable {
  /** Takes one record; the bytes are valid only during the call. */
  interface Sink {
    void record(ByteBuffer data, int offset, int length);
  }

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final int BUSY = 1 << 31;
  private static final int DISCARD = 1 << 30;
  private static final int HEADER = 8;
  private static final int PROT_READ = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private final long consumerAddress;
  private final long producerAddress;
  private final long producerLength;
  private final int pageSize;
  private final int mask;
  private final ByteBuffer consumer;
  private final ByteBuffer producer;
  private final ByteBuffer data;
  private long position;

  RingBuffer(int fd, int size) throws AgentException {
    pageSize = Native.C.getpagesize();
    mask = size - 1;
    producerLength = pageSize + 2L * size;
    consumerAddress = map(pageSize, PROT_READ_WRITE, fd, 0);
    producerAddress = map(producerLength, PROT_READ, fd, pageSize);
    consumer = view(consumerAddress, Long.BYTES);
    producer = view(producerAddress, Long.BYTES);
    data = view(producerAddress + pageSize, 2L * size);
    position = (long) LONG.getAcquire(consumer, 0);
  }

  /** Hands every finished record to the sink, in order; returns how many. */
  int drain(Sink sink) {
    int records = 0;
    long end = (long) LONG.getAcquire(producer, 0);
    while (position < end) {
      int at = (int) (position & mask);
      int word = (int) INT.getAcquire(data, at);
      if ((word & BUSY) != 0) {
        break;
      }
      int length = word & ~(BUSY | DISCARD);
      try {
        if ((word & DISCARD) == 0) {
          sink.record(data, at + HEADER, length);
          records++;
        }
      } finally { // a record that the sink chokes on must not block those after it
        position += (length + HEADER + 7L) & ~7L;
        LONG.setRelease(consumer, 0, position);
      }
    }
    return records;
  }

  @Override
  public void close() {
    Native.C.munmap(producerAddress, producerLength);
    Native.C.munmap(consumerAddress, pageSize);
  }

  private static long map(long length, int prot, int fd, long offset) throws AgentException {
    long address = Native.C.mmap(0, length, prot, MAP_SHARED, fd, offset);
    if (address == -1) {
      throw new AgentException("mmap of the ring buffer failed, errno " + Native.errno());
    }
    return address;
  }

  private static ByteBuffer view(long address, long length) {
    return MemoryIO.getInstance()
        .newDirectByteBuffer(address, (int) length)
        .order(ByteOrder.nativeOrder());
  }
}
