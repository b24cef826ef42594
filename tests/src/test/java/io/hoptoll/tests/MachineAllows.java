package io.hoptoll.tests;

import org.opentest4j.TestAbortedException;

/** Whether the set-up of a whole class can run; its tests then abort one by one with the reason. */
final class MachineAllows {
  private MachineAllows() {}

  static boolean all() {
    return mesh() && allows(Here::canRunBpf);
  }

  static boolean mesh() {
    return allows(Here::canRunMesh);
  }

  static boolean envoy() {
    return allows(Here::hasEnvoy);
  }

  private static boolean allows(Runnable needs) {
    try {
      needs.run();
      return true;
    } catch (TestAbortedException e) {
      return false;
    }
  }
}
