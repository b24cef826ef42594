package io.hoptoll.minimesh;

import java.nio.file.Path;
import java.util.List;

/**
 * Pods' namespaces, the bridge's namespace, addresses. Nothing of it touches the root namespace.
 */
final class Network {
  private static final String POD_NET = "10.77.0.";
  private static final String VIP_NET = "10.96.0.";
  static final String BRIDGE_IP = POD_NET + "1";
  private static final int FIRST_HOST = 11;

  private final String instance;
  private final List<Pod> pods;
  private final List<String> services;

  Network(String instance, List<Pod> pods, List<String> services) {
    this.instance = instance;
    this.pods = List.copyOf(pods);
    this.services = List.copyOf(services);
  }

  static String ip(int podIndex) {
    return POD_NET + (FIRST_HOST + podIndex);
  }

  String bridgeNetns() {
    return instance + "-bridge";
  }

  List<String> services() {
    return services;
  }

  String vip(String service) {
    return VIP_NET + (FIRST_HOST + services.indexOf(service));
  }

  List<String> endpoints(String service) {
    return pods.stream().filter(p -> p.spec().service().equals(service)).map(Pod::ip).toList();
  }

  /**
   * The commands that make all of it.
   *
   * @param pidFile where they say which process runs them
   */
  String setup(Path pidFile) {
    StringBuilder sh = new StringBuilder();
    // the reaper stops it first: it would go on for a while after the end of this process
    sh.append("echo $$ >").append(pidFile).append('\n');
    String bridge = "ip -n " + bridgeNetns();
    sh.append("ip netns add ").append(bridgeNetns()).append('\n');
    sh.append(bridge).append(" link set lo up\n");
    sh.append(bridge).append(" link add br0 type bridge\n");
    sh.append(bridge).append(" addr add ").append(BRIDGE_IP).append("/16 dev br0\n");
    sh.append(bridge).append(" link set br0 up\n");
    pods.forEach(pod -> pod(pod, sh));
    return sh.toString();
  }

  /** The commands that give a pod a namespace anew. */
  String replace(Pod pod) {
    StringBuilder sh = new StringBuilder();
    // the kernel takes its time to end a namespace, and its end of the pair with it
    sh.append("ip -n ").append(bridgeNetns()).append(" link del ").append(pod.bridgePort());
    sh.append("\nip netns del ").append(pod.netns()).append('\n');
    pod(pod, sh);
    return sh.toString();
  }

  /** The same for a successor: its peers still know it by this. */
  private static String mac(Pod pod) {
    return String.format("02:00:00:00:00:%02x", FIRST_HOST + pod.index());
  }

  private void pod(Pod pod, StringBuilder sh) {
    String ns = pod.netns();
    String in = "ip -n " + ns;
    sh.append("ip netns add ").append(ns).append('\n');
    sh.append("mkdir -p /etc/netns/").append(ns).append('\n');
    sh.append("printf '127.0.0.1 localhost\\n");
    services.forEach(s -> sh.append(vip(s)).append(' ').append(s).append("\\n"));
    sh.append("' >/etc/netns/").append(ns).append("/hosts\n");
    // else a look-up waits for a resolver that the namespace cannot reach
    sh.append("printf 'nameserver 127.0.0.1\\noptions timeout:1 attempts:1\\n' >/etc/netns/")
        .append(ns)
        .append("/resolv.conf\n");
    sh.append("ip -n ")
        .append(bridgeNetns())
        .append(" link add ")
        .append(pod.bridgePort())
        .append(" type veth peer name eth0 address ")
        .append(mac(pod))
        .append(" netns ")
        .append(ns)
        .append('\n');
    sh.append("ip -n ")
        .append(bridgeNetns())
        .append(" link set ")
        .append(pod.bridgePort())
        .append(" master br0 up\n");
    sh.append(in).append(" link set lo up\n");
    sh.append(in).append(" addr add ").append(pod.ip()).append("/16 dev eth0\n");
    sh.append(in).append(" link set eth0 up\n");
    sh.append(in).append(" route add default via ").append(BRIDGE_IP).append('\n');
    sh.append("ip netns exec ")
        .append(ns)
        .append(" iptables-restore <<'RULES'\n")
        .append(Istio.redirectRules())
        .append("RULES\n");
  }
}
