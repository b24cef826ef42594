package io.hoptoll.tests;

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
 * Makes what an agent tells that of another machine: a monotonic clock that began at another time,
 * namespaces and sockets numbered from 1, as on every machine that does so.
 */
final class Elsewhere {
  private static final Set<String> DURATIONS =
      Set.of("boundNanos", "intervalNanos", "cpuNanos", "throttledNanos", "runQueueNanos");

  private final SocketSink out;
  private final long aheadNanos;
  private final Map<Long, Long> namespaces = new HashMap<>();
  private final Map<Long, Long> sockets = new HashMap<>();

  private Elsewhere(SocketSink out, long aheadNanos) {
    this.out = out;
    this.aheadNanos = aheadNanos;
  }

  /**
   * @param aheadNanos of this machine's monotonic clock; the wall clock is the same
   */
  static SocketSink machine(SocketSink out, long aheadNanos) {
    Elsewhere there = new Elsewhere(out, aheadNanos);
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

  private Record moved(Record r) throws ReflectiveOperationException {
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
    } else if (name.equals("offsetNanos")) {
      return n - aheadNanos;
    }
    boolean isInstant = name.endsWith("Nanos") && !DURATIONS.contains(name);
    return isInstant && Nanos.isSet(n) ? n + aheadNanos : n;
  }
}
