package io.hoptoll.tests;

import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.SocketSink;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Makes what an agent tells that of another machine: a monotonic clock that began at another time
 * and runs at another rate, namespaces and sockets numbered from 1, as on every machine that does
 * so.
 */
final class Elsewhere {
  private static final Set<String> DURATIONS =
      Set.of("boundNanos", "intervalNanos", "cpuNanos", "throttledNanos", "runQueueNanos");

  private final SocketSink out;
  private final long aheadNanos;
  private final double drift;
  private final long beginNanos = System.nanoTime();
  private final Map<Long, Long> namespaces = new HashMap<>();
  private final Map<Long, Long> sockets = new HashMap<>();

  private Elsewhere(SocketSink out, long aheadNanos, double drift) {
    this.out = out;
    this.aheadNanos = aheadNanos;
    this.drift = drift;
  }

  /**
   * @param aheadNanos of this machine's monotonic clock; the wall clock is the same
   * @param drift how much faster it runs, such as 50e-6
   */
  static SocketSink machine(SocketSink out, long aheadNanos, double drift) {
    Elsewhere there = new Elsewhere(out, aheadNanos, drift);
    return (SocketSink)
        Proxy.newProxyInstance(
            SocketSink.class.getClassLoader(),
            new Class<?>[] {SocketSink.class},
            (self, method, arguments) -> there.tell(method, arguments));
  }

  private synchronized Object tell(Method method, Object[] arguments) throws Exception {
    Object[] told = arguments.clone();
    if (told[0] instanceof Record r) {
      told[0] = moved(r);
    }
    return method.invoke(out, told);
  }

  private long there(long nanos) {
    return nanos + aheadNanos + Math.round(drift * (nanos - beginNanos));
  }

  private Record moved(Record r) throws ReflectiveOperationException {
    if (r instanceof ClockSample c) {
      long moved = there(c.monotonicNanos());
      long wall = c.monotonicNanos() + c.offsetNanos();
      return new ClockSample(c.node(), moved, wall - moved, c.boundNanos());
    }
    RecordComponent[] parts = r.getClass().getRecordComponents();
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = moved(parts[i].getName(), parts[i].getAccessor().invoke(r));
    }
    Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return r.getClass().getDeclaredConstructor(types).newInstance(values);
  }

  private Object moved(String name, Object value) throws ReflectiveOperationException {
    if (value instanceof Record r) {
      return moved(r);
    } else if (!(value instanceof Long)) {
      return value;
    }
    long n = (Long) value;
    if (name.equals("netns")) {
      return namespaces.computeIfAbsent(n, k -> namespaces.size() + 1L);
    } else if (name.equals("socketId")) {
      return n == 0 ? 0L : sockets.computeIfAbsent(n, k -> sockets.size() + 1L);
    }
    boolean isInstant = name.endsWith("Nanos") && !DURATIONS.contains(name);
    return isInstant && Nanos.isSet(n) ? there(n) : n;
  }
}
