package io.hoptoll.als;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.hoptoll.model.Proxy;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Whom a workload's certificate names: {@code spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT}, as
 * Istio issues them. A node's identifier is the sender's own word; this is its mesh's.
 */
record SpiffeName(String namespace, String account) {
  /** GeneralName's choice uniformResourceIdentifier (RFC 5280, 4.2.1.6). */
  private static final int URI = 6;

  private static final Pattern FORM = Pattern.compile("spiffe://[^/]+/ns/([^/]+)/sa/([^/]+)");

  /** Null where the peer's certificate has no such name, or there is none. */
  static @Nullable SpiffeName of(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate own ? of(own) : null;
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return null;
    }
  }

  static @Nullable SpiffeName parse(String uri) {
    Matcher m = FORM.matcher(uri);
    return m.matches() ? new SpiffeName(m.group(1), m.group(2)) : null;
  }

  /** What a sender says of itself that its certificate does not; empty where they agree. */
  String contradiction(Proxy said, Node node) {
    String idNamespace = ProxyIdentity.namespaceOfId(node.getId());
    if (!namespace.equals(said.namespace())) {
      return "namespace '%s'".formatted(said.namespace());
    }
    if (!idNamespace.isEmpty() && !namespace.equals(idNamespace)) {
      return "node id of namespace '%s'".formatted(idNamespace);
    }
    String saidAccount = ProxyIdentity.serviceAccount(node);
    return saidAccount.isEmpty() || account.equals(saidAccount)
        ? ""
        : "service account '%s'".formatted(saidAccount);
  }

  @Override
  public String toString() {
    return "namespace '%s', service account '%s'".formatted(namespace, account);
  }

  private static @Nullable SpiffeName of(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names == null) {
      return null;
    }
    for (List<?> name : names) {
      if (name.get(0) instanceof Integer type && type == URI && name.get(1) instanceof String uri) {
        SpiffeName found = parse(uri);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }
}
