package io.hoptoll.wire;

import com.google.protobuf.ByteString;
import io.hoptoll.model.Endpoint;
import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHopReport;
import io.hoptoll.model.HalfHopReport.Named;
import io.hoptoll.model.HalfHopSink;
import io.hoptoll.model.Nanos;
import io.hoptoll.model.PodSink;
import io.hoptoll.model.SidecarSpan;
import io.hoptoll.model.SocketSink;
import io.hoptoll.model.SocketTuple;
import io.hoptoll.model.UpstreamPool;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One exchange, or one half hop, of a batch of 512, as the agent's sender and the server's reader
 * handle it: written as numbers, packed, unpacked, read. Modelled: 200 connections of 20 pods,
 * marks tens of microseconds apart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WireBenchmark {
  private static final int BATCH = 512;
  private static final long NOW = 86_400 * Nanos.PER_SECOND;
  private static final long WALL_OFFSET = 1_790_000_000 * Nanos.PER_SECOND;

  private final List<Exchange> exchanges = new ArrayList<>();
  private final AllSinks nowhere = nothing(AllSinks.class);
  private final List<HalfHopReport> halves = new ArrayList<>();
  private ByteString packed = ByteString.EMPTY;

  private interface AllSinks extends SocketSink, PodSink, HalfHopSink {}

  /** What one exchange takes on the wire. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Size {
    public double packedBytes;

    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void clear() {
      packedBytes = 0;
    }
  }

  @Setup
  public void prepare() {
    Random random = new Random(5);
    for (int i = 0; i < BATCH; i++) {
      exchanges.add(exchange(random, NOW + i * 200 * Nanos.PER_MICRO));
      halves.add(half(random, exchanges.get(i)));
    }
    packed = Packed.pack(rows().build());
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object write() {
    return rows();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object writeAndPack(Size size) {
    ByteString bytes = Packed.pack(rows().build());
    size.packedBytes = (double) bytes.size() / BATCH;
    return bytes;
  }

  /** A half hop in node mode, which names four exchanges that other batches told. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object writeAndPackHalfHop(Size size) {
    RowOut out = new RowOut(NOW, WALL_OFFSET);
    Writer writer = new Writer(out);
    halves.forEach(writer::half);
    ByteString bytes = Packed.pack(out.build());
    size.packedBytes = (double) bytes.size() / BATCH;
    return bytes;
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object unpackAndRead() throws WireException {
    return Reader.read("n", SocketIds.FIRST_BOOT, Packed.unpack(packed), nowhere);
  }

  private RowOut rows() {
    RowOut out = new RowOut(NOW, WALL_OFFSET);
    Writer writer = new Writer(out);
    exchanges.forEach(writer::exchange);
    return out;
  }

  /** As of an Istio sidecar: an id of its own, times of microseconds, names that repeat. */
  private static HalfHopReport half(Random random, Exchange up) {
    long start = up.marks().sendFirstNanos() - random.nextInt(50_000);
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    Endpoint pod = up.tuple().local();
    String service = "service-" + up.tuple().remote().ip().hashCode() % 20;
    HalfHopReport.End app = new Named(pod, up.socketId() + 1_000, up.turn());
    long done = up.marks().readLastNanos() - start;
    SidecarSpan span =
        new SidecarSpan(
            new io.hoptoll.model.Proxy(
                "sidecar~" + pod.ip() + "~pod-" + up.netns() + ".shop~shop.svc.cluster.local",
                io.hoptoll.model.Proxy.Kind.SIDECAR,
                List.of(pod.ip()),
                "shop",
                "pod-" + up.netns(),
                "workload-" + up.netns(),
                "Kubernetes",
                "1.40.0"),
            "hoptoll",
            SidecarSpan.Kind.END,
            SidecarSpan.Protocol.HTTP1,
            start + WALL_OFFSET,
            new SidecarSpan.Times(
                9_000, 40_000, 45_000, done, done, done + 9_000, done + 11_000, done + 12_000),
            new SidecarSpan.Addresses(pod, pod, up.tuple().remote(), pod, up.tuple().remote()),
            new SidecarSpan.Request(
                id,
                id,
                "",
                "GET",
                service + ":9080",
                "/items/" + random.nextInt(100),
                "default",
                "outbound|9080||" + service + ".shop.svc.cluster.local",
                "",
                1,
                -1),
            new SidecarSpan.Outcome(200, "via_upstream", 0, "", 1),
            new SidecarSpan.WireBytes(900, 700, 650, 950));
    return new HalfHopReport(
        span,
        false,
        "n",
        up.netns(),
        start,
        app,
        new Named(pod, up.socketId() + 2_000, up.turn()),
        new Named(pod, up.socketId(), up.turn()),
        new HalfHopReport.Absent(),
        new UpstreamPool(start - random.nextInt(5_000_000), List.of(), 0));
  }

  private static Exchange exchange(Random random, long at) {
    int connection = random.nextInt(200);
    int pod = connection % 20;
    long[] t = new long[7];
    t[0] = at;
    for (int i = 1; i < t.length; i++) {
      t[i] = t[i - 1] + random.nextInt(50_000);
    }
    Endpoint local = Endpoint.ofIpv4(0x0AF40000 + pod, 32_768 + connection);
    Endpoint remote = Endpoint.ofIpv4(0x0AF40100 + pod, 9_080);
    return new Exchange(
        "n",
        4_026_532_000L + pod,
        1_000_000 + connection,
        random.nextInt(1_000),
        t[6],
        new SocketTuple(local, remote),
        Exchange.Role.CONNECT,
        0,
        new Exchange.Owner(4_000 + pod, 4_010 + random.nextInt(8), "wrk:worker_" + pod % 2),
        new Exchange.Opening(
            at - Nanos.PER_SECOND * connection,
            at - Nanos.PER_SECOND * connection + 40_000,
            at - Nanos.PER_SECOND * connection + 90_000,
            Nanos.UNSET,
            Nanos.UNSET,
            0),
        new Exchange.Marks(t[2], t[3], t[4], t[5], t[0], t[1]),
        new Exchange.Volume(800 + random.nextInt(400), 600 + random.nextInt(100), 2, 1, 1, 2),
        new Exchange.Tcp(
            40 + random.nextInt(20),
            200 + random.nextInt(900),
            60,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            10,
            0,
            3,
            3,
            new Exchange.Windows(64_256, 65_483, 40_000_000L + random.nextInt(9_000_000))));
  }

  private static <T> T nothing(Class<T> sink) {
    return sink.cast(
        Proxy.newProxyInstance(
            sink.getClassLoader(), new Class<?>[] {sink}, (self, method, arguments) -> null));
  }
}
