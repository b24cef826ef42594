package io.hoptoll.tests;

import org.opentest4j.TestAbortedException;

/** Whether the set-up of a whole class can run; its tests then abort one by one with the reason. */
final class MachineAllows {
  private MachineAllows() {}

  static boolean all() {
    try {
      Here.canRunMesh();
      Here.canRunBpf();
      return true;
    } catch (TestAbortedException e) {
      return false;
    }
  }
}
