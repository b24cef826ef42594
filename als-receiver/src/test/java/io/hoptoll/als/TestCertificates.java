package io.hoptoll.als;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A mesh's own authority and the certificates it signs, made by the JDK's keytool. */
final class TestCertificates {
  private static final char[] PASSWORD = "hoptoll".toCharArray();

  private final Path dir;
  private final Path store;

  /** A certificate and its key, as PEM files. */
  record Pair(Path certificate, Path key) {}

  TestCertificates(Path dir) throws Exception {
    this.dir = dir;
    this.store = dir.resolve("store.p12");
    keytool("ca", "CN=mesh", "-ext", "bc:c=ca:true");
  }

  Path authority() throws Exception {
    return pem("ca.pem", "CERTIFICATE", open().getCertificate("ca").getEncoded());
  }

  /**
   * @param alternativeName such as {@code uri:spiffe://cluster.local/ns/shop/sa/cart}
   */
  Pair issue(String name, String alternativeName) throws Exception {
    keytool(name, "CN=" + name, "-signer", "ca", "-ext", "san=" + alternativeName);
    KeyStore keys = open();
    return new Pair(
        pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded()),
        pem(name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD).getEncoded()));
  }

  private void keytool(String alias, String subject, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", subject));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private KeyStore open() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private Path pem(String file, String type, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        dir.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type));
  }
}
