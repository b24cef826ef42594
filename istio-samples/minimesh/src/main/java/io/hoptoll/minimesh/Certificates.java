package io.hoptoll.minimesh;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One CA and a SPIFFE leaf per workload (P-256, one day), as istiod issues them. */
final class Certificates {
  private static final Duration LIFE = Duration.ofDays(1);

  private final KeyPair caKey = keyPair();
  private final X500Name issuer = new X500Name("O=" + Istio.TRUST_DOMAIN);
  private final X509Certificate ca;
  private long serial = 1;

  /** PEM texts. */
  record Identity(String certificate, String privateKey) {}

  Certificates() {
    this.ca =
        sign(
            caKey,
            issuer,
            b -> b.addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
  }

  String caPem() {
    return pem(ca);
  }

  Identity issue(String workload) {
    KeyPair key = keyPair();
    GeneralName uri =
        new GeneralName(GeneralName.uniformResourceIdentifier, Istio.spiffe(workload));
    X509Certificate leaf =
        sign(
            key,
            new X500Name(""),
            b -> {
              b.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(uri));
              b.addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(
                      new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                      }));
            });
    return new Identity(pem(leaf), pem(key.getPrivate()));
  }

  private interface Extensions {
    void add(JcaX509v3CertificateBuilder builder) throws CertIOException;
  }

  private X509Certificate sign(KeyPair key, X500Name subject, Extensions extensions) {
    try {
      Instant now = Instant.now().minus(Duration.ofMinutes(5));
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(serial++),
              Date.from(now),
              Date.from(now.plus(LIFE)),
              subject,
              key.getPublic());
      extensions.add(builder);
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new MeshException("certificate for '" + subject + "': " + e.getMessage(), e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new MeshException("P-256 key: " + e.getMessage(), e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      // PKCS#8 for keys: Envoy's BoringSSL refuses the bare SEC1 form that BouncyCastle writes
      writer.writeObject(
          object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
    } catch (IOException e) {
      throw new MeshException("PEM: " + e.getMessage(), e);
    }
    return text.toString();
  }
}
