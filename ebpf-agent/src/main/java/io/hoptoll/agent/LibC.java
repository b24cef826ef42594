package io.hoptoll.agent;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

/** The part of libc that the agent uses. */
public interface LibC {
  @SaveError
  @size_t
  long mmap(@size_t long address, @size_t long length, int prot, int flags, int fd, @off_t long at);

  int munmap(@size_t long address, @size_t long length);

  @SaveError
  @size_t
  long read(int fd, Pointer buffer, @size_t long count);

  int close(int fd);

  int clock_getres(int clock, Pointer timespec);

  int getpagesize();
}
