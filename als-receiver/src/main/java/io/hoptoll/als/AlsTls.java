package io.hoptoll.als;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the receiver's TCP ports; unix sockets stay plain. Files are PEM and are read at start.
 *
 * @param certificate the receiver's own, with what leads to its root
 * @param key its key, PKCS 8
 * @param clientCa who signs senders' certificates. Given: a sender must have one, and its SPIFFE
 *     name must be that of the sidecar it says it is ({@link SpiffeName}). Null: any sender.
 */
public record AlsTls(Path certificate, Path key, @Nullable Path clientCa) {
  /**
   * As settings say it, empty where unset.
   *
   * @throws IllegalArgumentException where one is set without another that it needs
   */
  public static @Nullable AlsTls of(String certificate, String key, String clientCa) {
    if (certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty()) {
      return null;
    }
    if (certificate.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException(
          "als.tls needs both certificate ('%s') and key ('%s')".formatted(certificate, key));
    }
    return new AlsTls(
        Path.of(certificate), Path.of(key), clientCa.isEmpty() ? null : Path.of(clientCa));
  }

  /**
   * @throws IOException when the files cannot be used; says which and why
   */
  SslContext context() throws IOException {
    try {
      SslContextBuilder builder = GrpcSslContexts.forServer(certificate.toFile(), key.toFile());
      if (clientCa != null) {
        builder.trustManager(clientCa.toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IllegalArgumentException | SSLException e) {
      throw new IOException(
          "ALS cannot use TLS: %s (%s); files: %s"
              .formatted(e.getMessage(), e.getCause() == null ? "no cause" : e.getCause(), this),
          e);
    }
  }
}
