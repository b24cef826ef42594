package io.hoptoll.minimesh;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A running mesh. Closing it, or the end of this process however it ends, removes all of it. */
public final class MiniMesh implements AutoCloseable {
  /** The bridge's own address, where a server in its namespace can be reached by all pods. */
  public static final String BRIDGE_IP = Network.BRIDGE_IP;

  private static final long READY_MILLIS = 30_000;
  private static final String SERVICE = "io.hoptoll.minimesh.service.";

  private final MeshConfig config;
  private final Path dir;
  private final List<Pod> pods = new ArrayList<>();
  private final Network network;
  private final Certificates certificates = new Certificates();
  private final EnvoyResources resources;
  private final XdsServer xds;
  private final Reaper reaper;
  private final Thread atExit;
  private final @Nullable Path cgroups;
  private final Map<String, Certificates.Identity> identities = new HashMap<>();
  private final Map<String, Child> apps = new HashMap<>();
  private final Map<String, Child> seconds = new HashMap<>();
  private final Map<String, Child> sidecars = new HashMap<>();
  private final Map<String, CpuGroup> groups = new HashMap<>();
  private final Map<String, SidecarSettings> settings = new HashMap<>();
  private final Map<String, EnvoyPatch> patches = new HashMap<>();

  private String classes = "";

  private MiniMesh(MeshConfig config) throws IOException {
    this.config = config;
    String instance = "ht" + String.format("%04x", ThreadLocalRandom.current().nextInt(1 << 16));
    dir = Files.createTempDirectory("hoptoll-" + instance + "-");
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    cgroups = CpuGroup.root(instance);
    reaper = Reaper.start(instance, dir, cgroups == null ? List.of() : List.of(cgroups));
    atExit = new Thread(reaper::close, "mesh-reaper");
    Runtime.getRuntime().addShutdownHook(atExit);
    for (PodSpec spec : config.topology().pods()) {
      int i = pods.size();
      Path own = Files.createDirectory(dir.resolve(spec.workload()));
      // the admin socket is made by uid 1337
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
      pods.add(new Pod(spec, i, instance + "-" + spec.workload(), Network.ip(i), own));
    }
    network = new Network(instance, pods, config.topology().services());
    resources = new EnvoyResources(config, network, certificates.caPem());
    xds = new XdsServer(dir.resolve("xds.sock"));
  }

  /**
   * Builds and starts the mesh; returns when every pod serves.
   *
   * @throws MeshException naming what failed; whatever was made is removed again
   */
  public static MiniMesh start(MeshConfig config) {
    requireRoot();
    MiniMesh mesh;
    try {
      mesh = new MiniMesh(config);
    } catch (IOException e) {
      throw new MeshException("mesh files: " + e.getMessage(), e);
    }
    try {
      mesh.up();
      return mesh;
    } catch (RuntimeException | IOException e) {
      mesh.close();
      throw e instanceof MeshException m ? m : new MeshException("mesh: " + e.getMessage(), e);
    }
  }

  private static void requireRoot() {
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new MeshException(
          "the minimesh needs root: it makes network namespaces, veth pairs and iptables rules");
    }
  }

  private void up() throws IOException {
    Path settingUp = dir.resolve("network.pid");
    Shell.script(network.setup(settingUp));
    Files.delete(settingUp);
    classes = ServiceClasses.copy(dir, config.topology().speaksGrpc());
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    for (Pod pod : pods) {
      identities.put(pod.workload(), certificates.issue(pod.workload()));
      configure(pod.workload(), SidecarSettings.DEFAULT);
      startApp(pod);
      startSidecar(pod);
    }
    for (Pod pod : pods) {
      starts.add(CompletableFuture.runAsync(() -> awaitReady(pod)));
    }
    CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
  }

  private void startApp(Pod pod) {
    List<String> java = java();
    if (pod.index() == 0) {
      java.addAll(
          List.of(
              SERVICE + "LoadMain",
              String.valueOf(Istio.HTTP_PORT),
              String.valueOf(Istio.TCP_PORT),
              String.valueOf(Istio.GRPC_PORT)));
    } else {
      java.addAll(
          List.of(
              SERVICE + "ServiceMain",
              pod.workload(),
              String.valueOf(Istio.HTTP_PORT),
              String.valueOf(Istio.TCP_PORT),
              String.valueOf(pod.spec().secondContainer() ? 0 : grpcPort())));
      java.addAll(pod.spec().calls());
    }
    apps.put(pod.workload(), spawn(pod, "app", Istio.APP_UID, java));
    if (pod.spec().secondContainer()) {
      startSecond(pod);
    }
  }

  /** The container that serves gRPC; its other ports are whichever are free, nobody calls them. */
  private void startSecond(Pod pod) {
    List<String> java = java();
    String grpc = String.valueOf(grpcPort());
    java.addAll(List.of(SERVICE + "ServiceMain", pod.workload(), "0", "0", grpc));
    seconds.put(pod.workload(), spawn(pod, "second", Istio.APP_UID, java));
  }

  private int grpcPort() {
    return config.topology().speaksGrpc() ? Istio.GRPC_PORT : 0;
  }

  private List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xmx96m",
            "-XX:-UsePerfData",
            "-cp",
            classes));
  }

  private void startSidecar(Pod pod) throws IOException {
    Path bootstrap = pod.dir().resolve("bootstrap.json");
    JsonObject json = Bootstrap.of(pod, dir.resolve("xds.sock"), config.alsTarget());
    Files.writeString(bootstrap, json.encodePrettily());
    List<String> envoy =
        List.of(
            config.envoy().toString(),
            "-c",
            bootstrap.toString(),
            "--concurrency",
            "1",
            "--disable-hot-restart",
            "-l",
            "warn");
    sidecars.put(pod.workload(), spawn(pod, "sidecar", Istio.PROXY_UID, envoy));
  }

  private Child spawn(Pod pod, String container, int uid, List<String> command) {
    Child child = Child.start(container, pod.dir(), Child.inNamespace(pod.netns(), uid, command));
    if (cgroups != null) {
      groups
          .computeIfAbsent(pod.workload() + "-" + container, name -> CpuGroup.create(cgroups, name))
          .add(child.pid());
    }
    return child;
  }

  private void awaitReady(Pod pod) {
    app(pod.workload()).expect("ready");
    if (pod.spec().secondContainer()) {
      second(pod.workload()).expect("ready");
    }
    long deadline = System.nanoTime() + READY_MILLIS * 1_000_000;
    while (System.nanoTime() < deadline) {
      if (listens(pod, Istio.OUTBOUND_PORT) && listens(pod, Istio.INBOUND_PORT)) {
        return;
      }
      if (!sidecar(pod.workload()).isAlive()) {
        break;
      }
      java.util.concurrent.locks.LockSupport.parkNanos(30_000_000);
    }
    throw new MeshException(
        pod.workload() + "'s Envoy does not listen: " + tail(pod.dir().resolve("sidecar.log")));
  }

  /** A listening socket on the port, read from the pod's own /proc/net/tcp (state 0A). */
  private boolean listens(Pod pod, int port) {
    try {
      String hex = String.format(":%04X ", port);
      Path table = Path.of("/proc/" + sidecar(pod.workload()).pid() + "/net/tcp");
      return Files.readAllLines(table).stream()
          .anyMatch(l -> l.substring(0, 40).contains(hex) && l.contains(" 0A "));
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private static String tail(Path log) {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - 2_000));
    } catch (IOException e) {
      return "(no log)";
    }
  }

  public List<Pod> pods() {
    return List.copyOf(pods);
  }

  public Pod pod(String workload) {
    return pods.stream()
        .filter(p -> p.workload().equals(workload))
        .findFirst()
        .orElseThrow(
            () -> new MeshException("no workload '" + workload + "' in " + config.topology()));
  }

  /** The app's process; services take the commands of service.ServiceMain. */
  public Child app(String workload) {
    return found(apps, pod(workload).workload());
  }

  /** The process of a pod's second container; it takes the same commands. */
  public Child second(String workload) {
    return found(seconds, pod(workload).workload());
  }

  public Child sidecar(String workload) {
    return found(sidecars, pod(workload).workload());
  }

  /** The app's cgroup. */
  public CpuGroup appGroup(String workload) {
    return group(workload + "-app");
  }

  /** The sidecar's cgroup. */
  public CpuGroup sidecarGroup(String workload) {
    return group(workload + "-sidecar");
  }

  /** Ends a pod and starts another with its name and address, in a namespace of its own. */
  public void replace(String workload) {
    Pod pod = pod(workload);
    app(workload).close();
    sidecar(workload).close();
    Shell.script(network.replace(pod));
    try {
      startApp(pod);
      startSidecar(pod);
    } catch (IOException e) {
      throw new MeshException("replacing " + workload + ": " + e.getMessage(), e);
    }
    awaitReady(pod);
  }

  public LoadGenerator load() {
    return new LoadGenerator(app(pods.get(0).workload()));
  }

  public SidecarSettings settings(String workload) {
    return settings.getOrDefault(workload, SidecarSettings.DEFAULT);
  }

  /** Pushes changed settings to a pod's sidecar over ADS. */
  public void configure(String workload, SidecarSettings changed) {
    Pod pod = pod(workload);
    Certificates.Identity identity = found(identities, workload);
    settings.put(workload, changed);
    EnvoyPatch patch = patches.getOrDefault(workload, EnvoyPatch.NONE);
    xds.push(
        pod.nodeId(),
        patch.clusters(resources.clusters(identity, changed)),
        patch.listeners(resources.listeners(identity)),
        patch.routes(resources.routes(changed)));
  }

  /** Changes a pod's sidecar beyond its settings; connections that stand keep their filters. */
  public void patch(String workload, EnvoyPatch patch) {
    patches.put(workload, patch);
    configure(workload, settings(workload));
  }

  /** Changes runtime keys of a pod's sidecar: {@code key=value&…}; an empty value removes a key. */
  public void runtime(String workload, String keys) {
    Admin.call(pod(workload).adminSocket(), "POST", "/runtime_modify?" + keys);
  }

  /** The counters of a pod's sidecar as they stand now. */
  public EnvoyStats stats(String workload) {
    return EnvoyStats.of(pod(workload).adminSocket());
  }

  /** What a pod's sidecar logged so far. */
  public List<String> sidecarLog(String workload) {
    try {
      return Files.readAllLines(pod(workload).dir().resolve("sidecar.log"));
    } catch (IOException e) {
      throw new MeshException("sidecar.log of " + workload + ": " + e.getMessage(), e);
    }
  }

  /** Runs one command line in a pod's namespace, as root; returns what it printed. */
  public static String inNamespace(Pod pod, String command) {
    return Shell.script("exec ip netns exec " + pod.netns() + " " + command);
  }

  Path dir() {
    return dir;
  }

  /** The namespace that pods share a network with, at {@link #BRIDGE_IP}. */
  public String bridgeNetns() {
    return network.bridgeNetns();
  }

  @Override
  public void close() {
    xds.close();
    apps.values().forEach(Child::close);
    seconds.values().forEach(Child::close);
    sidecars.values().forEach(Child::close);
    reaper.close();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // it is running: this is the end of the process
    }
  }

  private CpuGroup group(String name) {
    CpuGroup group = groups.get(name);
    if (group == null) {
      throw new MeshException("no cgroup CPU controller here: quotas cannot be injected");
    }
    return group;
  }

  private static <T> T found(Map<String, T> map, String key) {
    T value = map.get(key);
    if (value == null) {
      throw new MeshException("nothing started for '" + key + "'");
    }
    return value;
  }
}
