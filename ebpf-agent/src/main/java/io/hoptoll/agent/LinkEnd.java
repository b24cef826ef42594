package io.hoptoll.agent;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.ffi.Pointer;

/**
 * Lets go of uprobes on a thread of its own: the kernel takes a tenth of a second for each, one
 * after another (perf_uprobe_destroy() waits for grace periods under a lock that all share), and
 * who reads the ring cannot wait for that. One for all tasks: the next may begin before the last
 * one's are gone, and they count.
 */
final class LinkEnd {
  private final AtomicInteger waiting = new AtomicInteger();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread t = new Thread(work, "socket-agent-tls-end");
            t.setDaemon(true); // what is left goes with the process
            return t;
          });

  /** Links that are still there. */
  int waiting() {
    return waiting.get();
  }

  void destroy(List<Pointer> links) {
    waiting.addAndGet(links.size());
    thread.execute(() -> links.forEach(this::destroy));
  }

  private void destroy(Pointer link) {
    Native.BPF.bpf_link__destroy(link);
    waiting.decrementAndGet();
  }

  /** After all links given to it so far. */
  void then(Runnable work) {
    thread.execute(work);
  }

  /** Takes no more; what it has goes on. */
  void close() {
    thread.shutdown();
  }
}
