package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses against a written kallsyms; the live test reads the real one. */
class KernelSymbolsTest {
  @TempDir Path proc;

  @Test
  void theFunctionThatHoldsTheAddress() throws IOException {
    KernelSymbols symbols =
        symbols(
            "ffffffff81000100 T tcp_v4_rcv",
            "ffffffff81000000 t ip_rcv",
            "ffffffff81000180 d a_variable",
            "ffffffffc0200000 t nft_do_chain\t[nf_tables]");
    symbols.prepare(List.of(0xffffffff81000191L, 0xffffffff81000000L, 0xffffffffc0200010L));
    assertEquals("tcp_v4_rcv+0x91", symbols.name(0xffffffff81000191L));
    assertEquals("ip_rcv+0x0", symbols.name(0xffffffff81000000L));
    assertEquals("nft_do_chain+0x10", symbols.name(0xffffffffc0200010L));
  }

  @Test
  void whatNoSymbolHoldsIsNamedByItsAddress() throws IOException {
    KernelSymbols symbols = symbols("ffffffff81000000 T ip_rcv");
    symbols.prepare(List.of(0xffffffff80000000L, 0xffffffff91000000L));
    assertEquals("0xffffffff80000000", symbols.name(0xffffffff80000000L));
    assertEquals("0xffffffff91000000", symbols.name(0xffffffff91000000L));
  }

  @Test
  void addressesHiddenByTheKernelNameNothing() throws IOException {
    KernelSymbols symbols = symbols("0000000000000000 T ip_rcv", "0000000000000000 T tcp_v4_rcv");
    symbols.prepare(List.of(0xffffffff81000191L));
    assertEquals("0xffffffff81000191", symbols.name(0xffffffff81000191L));
  }

  @Test
  void withoutTheFileToo() {
    KernelSymbols symbols = new KernelSymbols(proc.resolve("none"));
    symbols.prepare(List.of(0x10L));
    assertEquals("0x10", symbols.name(0x10L));
  }

  private KernelSymbols symbols(String... lines) throws IOException {
    return new KernelSymbols(Files.write(proc.resolve("kallsyms"), List.of(lines)));
  }
}
