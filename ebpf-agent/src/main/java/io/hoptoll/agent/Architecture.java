package io.hoptoll.agent;

import java.util.Locale;

/** The processors that the probes are built for. They differ in registers alone: registers.h. */
enum Architecture {
  X86_64("amd64"),
  AARCH64("aarch64");

  /** As the JVM calls it, {@code os.arch}. */
  private final String jvmName;

  Architecture(String jvmName) {
    this.jvmName = jvmName;
  }

  /** Whether there are probes for the processor that this JVM runs on. */
  static boolean known() {
    for (Architecture each : values()) {
      if (each.jvmName.equals(jvm())) {
        return true;
      }
    }
    return false;
  }

  /** The resource of a compiled object for this JVM's processor, such as {@code loss}. */
  static String object(String name) {
    for (Architecture each : values()) {
      if (each.jvmName.equals(jvm())) {
        return each.resource(name);
      }
    }
    return "/bpf/" + jvm() + "/" + name + ".bpf.o"; // that there is none is said where it is read
  }

  String resource(String name) {
    return "/bpf/" + name().toLowerCase(Locale.ROOT) + "/" + name + ".bpf.o";
  }

  static String jvm() {
    return System.getProperty("os.arch");
  }
}
