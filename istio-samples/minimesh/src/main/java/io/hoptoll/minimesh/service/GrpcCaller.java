package io.hoptoll.minimesh.service;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** gRPC calls of one target, all on one connection. */
final class GrpcCaller implements Caller {
  private static final int TIMEOUT_SECONDS = 60;

  private final ManagedChannel channel;
  private final int port;
  private final Records records;
  private final Knobs knobs;

  GrpcCaller(String host, int port, Records records, Knobs knobs) {
    this.channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
    this.port = port;
    this.records = records;
    this.knobs = knobs;
  }

  @Override
  public int call(String path, Map<String, String> headers, String stamp) throws IOException {
    MethodDescriptor<byte[], byte[]> method =
        path.endsWith("/List") ? GrpcMethods.LIST : GrpcMethods.GET;
    Metadata sent = new Metadata();
    headers.forEach((name, value) -> sent.put(GrpcMethods.header(name), value));
    sent.put(GrpcMethods.STAMP, stamp);
    long begin = System.nanoTime();
    ClientCall<byte[], byte[]> call = channel.newCall(method, options());
    CompletableFuture<Status> done = new CompletableFuture<>();
    call.start(new UntilClosed(call, done), sent);
    call.request(1);
    call.sendMessage(new byte[Math.max(stamp.length(), knobs.requestBytes)]);
    call.halfClose();
    int status = await(done);
    int local = GrpcService.port(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
    records.add('C', stamp, local, port, begin, System.nanoTime());
    return status;
  }

  private CallOptions options() {
    int millis = knobs.deadlineMillis;
    return millis == 0
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
  }

  private static int await(CompletableFuture<Status> done) throws IOException {
    try {
      Status status = done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (status.isOk()) {
        return 200;
      }
      return status.getCode() == Status.Code.UNAVAILABLE ? 503 : 500;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no answer: " + e, e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static final class UntilClosed extends ClientCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> call;
    private final CompletableFuture<Status> done;

    UntilClosed(ClientCall<byte[], byte[]> call, CompletableFuture<Status> done) {
      this.call = call;
      this.done = done;
    }

    @Override
    public void onMessage(byte[] message) {
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      done.complete(status);
    }
  }
}
