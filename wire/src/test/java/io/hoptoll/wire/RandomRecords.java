package io.hoptoll.wire;

import io.hoptoll.model.Burst;
import io.hoptoll.model.ClockSample;
import io.hoptoll.model.Connection;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HttpCall;
import io.hoptoll.model.HttpMessage;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.NetworkNamespace;
import io.hoptoll.model.PacketDrop;
import io.hoptoll.model.Pod;
import io.hoptoll.model.PortRewrite;
import io.hoptoll.model.ProcessSample;
import io.hoptoll.model.RunningProcess;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketProtocol;
import io.hoptoll.model.TransportEvent;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Records of any type with random components, found by reflection: a new component is covered. */
final class RandomRecords {
  static final List<Class<?>> TYPES =
      List.of(
          Exchange.class,
          Connection.class,
          TransportEvent.class,
          PacketDrop.class,
          Burst.class,
          SocketProtocol.class,
          HttpMessage.class,
          HttpCall.class,
          PortRewrite.class,
          ProcessSample.class,
          RunningProcess.class,
          NetworkNamespace.class,
          ClockSample.class,
          Recording.Lost.class,
          Pod.class,
          SidecarSpan.class,
          Recording.Announced.class,
          HalfHopReport.class);

  private static final String[] TEXTS = {
    "", "nginx", "tcp_v4_rcv+0x2f", "Prozeß ü 漢", "x".repeat(64)
  };

  private final Random random;
  private final String node;

  RandomRecords(long seed, String node) {
    this.random = new Random(seed);
    this.node = node;
  }

  Object next() throws ReflectiveOperationException {
    return of(TYPES.get(random.nextInt(TYPES.size())));
  }

  <T> T of(Class<T> type) throws ReflectiveOperationException {
    if (type == Endpoint.class) {
      return type.cast(endpoint());
    } else if (type == SidecarSpan.class) { // no record, but made as one
      return type.cast(span());
    }
    RecordComponent[] parts = type.getRecordComponents();
    Object[] values = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = value(parts[i].getGenericType(), parts[i].getName());
    }
    Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private SidecarSpan span() throws ReflectiveOperationException {
    Constructor<?> constructor = SidecarSpan.class.getConstructors()[0];
    Type[] types = constructor.getGenericParameterTypes();
    Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = types[i] == long.class ? nanos("startWallNanos") : value(types[i], "");
    }
    return (SidecarSpan) constructor.newInstance(values);
  }

  private Object value(Type type, String name) throws ReflectiveOperationException {
    if (type == long.class) {
      return name.endsWith("Nanos") ? nanos(name) : Math.abs(random.nextLong() >> 16);
    } else if (type == int.class) {
      return random.nextInt() >> random.nextInt(32);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == String.class) {
      return name.equals("node") ? node : TEXTS[random.nextInt(TEXTS.length)];
    } else if (type instanceof ParameterizedType list) {
      List<Object> all = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        all.add(value(list.getActualTypeArguments()[0], ""));
      }
      return all;
    } else if (type instanceof Class<?> c && c.isEnum()) {
      return c.getEnumConstants()[random.nextInt(c.getEnumConstants().length)];
    }
    Class<?>[] alternatives = ((Class<?>) type).getPermittedSubclasses();
    Class<?> chosen =
        alternatives == null ? (Class<?>) type : alternatives[random.nextInt(alternatives.length)];
    return of(chosen);
  }

  /** Around the present, around the start, far away, or never. */
  private long nanos(String name) {
    return switch (random.nextInt(4)) {
      case 0 -> name.equals("offsetNanos") ? 0 : Nanos.UNSET;
      case 1 -> random.nextInt(1_000_000_000);
      case 2 -> random.nextLong() >> 4;
      default -> 86_400_000_000_000L + random.nextInt();
    };
  }

  private Endpoint endpoint() {
    int port = random.nextInt(65_536);
    return random.nextInt(4) == 0
        ? new Endpoint(random.nextLong(), random.nextLong(), port)
        : Endpoint.ofIpv4(0x0A000000 + random.nextInt(50), port);
  }
}
