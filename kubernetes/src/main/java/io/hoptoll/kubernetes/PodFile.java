package io.hoptoll.kubernetes;

import io.hoptoll.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Pods by a YAML file, where there is no Kubernetes:
 *
 * <pre>
 * pods:
 *   - namespace: default
 *     name: details-v1-1
 *     workload: details-v1      # optional, else the name
 *     addresses: [10.2.0.3]     # addresses or containers, at least one
 *     containers:
 *       - {id: 64 hex digits, name: istio-proxy, sidecar: true}
 * </pre>
 */
public final class PodFile {
  private static final Set<String> KEYS =
      Set.of("namespace", "name", "workload", "addresses", "containers");
  private static final Set<String> CONTAINER_KEYS = Set.of("id", "name", "sidecar");

  private final Path file;

  private PodFile(Path file) {
    this.file = file;
  }

  /**
   * Reads all.
   *
   * @throws IOException when it cannot be read, or is not of this form: says where and what to do
   */
  public static List<Pod> read(Path file) throws IOException {
    return new PodFile(file).pods(Files.readString(file));
  }

  private List<Pod> pods(String text) throws IOException {
    Object root;
    try {
      root =
          new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (!(root instanceof Map<?, ?> map) || !(map.get("pods") instanceof List<?> entries)) {
      throw refusal("top level", "must be 'pods:' with a list of pods");
    }
    List<Pod> all = new ArrayList<>();
    for (Object entry : entries) {
      all.add(pod(entry, "pods[" + all.size() + "]"));
    }
    return all;
  }

  private Pod pod(@Nullable Object entry, String where) throws IOException {
    Map<?, ?> map = map(entry, where, KEYS);
    String name = text(map, "name", where, null);
    List<String> addresses = new ArrayList<>();
    for (Object address : list(map.get("addresses"), where + ".addresses")) {
      addresses.add(String.valueOf(address));
    }
    List<Pod.Container> containers = new ArrayList<>();
    for (Object c : list(map.get("containers"), where + ".containers")) {
      containers.add(container(c, where + ".containers[" + containers.size() + "]"));
    }
    if (addresses.isEmpty() && containers.isEmpty()) {
      throw refusal(where, "needs addresses or containers, else nothing is found by it");
    }
    String namespace = text(map, "namespace", where, "default");
    String workload = text(map, "workload", where, name);
    return new Pod(namespace, name, "", workload, addresses, false, containers, false);
  }

  private Pod.Container container(@Nullable Object entry, String where) throws IOException {
    Map<?, ?> map = map(entry, where, CONTAINER_KEYS);
    String id = text(map, "id", where, null);
    if (!id.matches("[0-9a-f]{64}")) {
      throw refusal(where + ".id", "must be the 64 hex digits of the container's cgroup");
    }
    boolean sidecar = Boolean.TRUE.equals(map.get("sidecar"));
    return new Pod.Container(id, text(map, "name", where, ""), sidecar);
  }

  private Map<?, ?> map(@Nullable Object value, String where, Set<String> keys) throws IOException {
    if (!(value instanceof Map<?, ?> map)) {
      throw refusal(where, "must have " + String.join(", ", keys.stream().sorted().toList()));
    }
    for (Object key : map.keySet()) {
      if (!keys.contains(String.valueOf(key))) {
        throw refusal(where + "." + key, "is not one of " + keys.stream().sorted().toList());
      }
    }
    return map;
  }

  private List<?> list(@Nullable Object value, String where) throws IOException {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw refusal(where, "must be a list");
  }

  private String text(Map<?, ?> map, String key, String where, @Nullable String standard)
      throws IOException {
    Object value = map.get(key);
    if (value != null) {
      return String.valueOf(value);
    }
    if (standard == null) {
      throw refusal(where + "." + key, "is missing");
    }
    return standard;
  }

  private IOException refusal(String where, String words) {
    return new IOException(file + ": " + where + " " + words);
  }
}
