package io.hoptoll.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where calls begin and return, by the table alone; real programs are in GoPlaintextLiveTest. */
class GoProgramTest {
  private static final byte[] NOP_OF_ARM = {0x1f, 0x20, 0x03, (byte) 0xd5};
  private static final byte[] RETURN_OF_ARM = {(byte) 0xc0, 0x03, 0x5f, (byte) 0xd6};

  @TempDir private Path dir;

  private final GoBinary binary = new GoBinary();

  @Test
  void callsBeginWithTheirFrameAndReturnWithout() throws IOException {
    assertEquals(Set.of(binary.call(0), binary.call(1)), Set.copyOf(read().calls()));
  }

  @Test
  void instructionsOfArmAreWords() throws IOException {
    binary.machine = 183;
    binary.unit = 4;
    binary.nop = NOP_OF_ARM;
    binary.returns = RETURN_OF_ARM;
    assertEquals(Set.of(binary.call(0), binary.call(1)), Set.copyOf(read().calls()));
  }

  @Test
  void codeOfCInFrontIsNoHindrance() throws IOException {
    binary.before = 1_616;
    assertEquals(Set.of(binary.call(0), binary.call(1)), Set.copyOf(read().calls()));
  }

  @Test
  void whatIsNotCoveredSaysWhy() throws IOException {
    binary.kind = 0xfffffffa;
    assertTrue(read().why().contains("Go 1.17 or older"), read().why());
    binary.kind = 0xffffff01;
    assertTrue(read().why().contains("not known"), read().why());
    binary.kind = 0xfffffff0;
    assertEquals("", read().why());
    binary.functions = List.of(GoProgram.READ, "crypto/tls.(*Conn).Writer");
    assertTrue(read().why().contains("no crypto/tls"), read().why());
  }

  @Test
  void codeThatDoesNotReturnWhereTheTableSaysIsLeftAlone() throws IOException {
    binary.returns = new byte[] {0x55};
    assertEquals(List.of(), read().calls());
    assertTrue(read().why().contains("differ"), read().why());
  }

  /** Its number stays, and a probe at an old offset would be inside an instruction. */
  @Test
  void aProgramWrittenOverInPlaceIsReadAnew() throws IOException {
    Path process = Files.createDirectories(dir.resolve("proc/1/root"));
    Path program = binary.write(process.resolve("program"));
    Files.createSymbolicLink(process.resolveSibling("exe"), Path.of("/program"));
    Files.writeString(
        process.resolveSibling("maps"), "400000-500000 r-xp 00000000 08:01 4711 /program\n");
    TlsFiles files = new TlsFiles(dir.resolve("proc"));
    List<ProbePoint> before = files.of(1).files().get(0).points();
    assertEquals(before, files.of(1).files().get(0).points());
    binary.before = 1_616;
    binary.write(program);
    List<ProbePoint> after = files.of(1).files().get(0).points();
    assertEquals(
        before.stream().map(p -> p.offset() + 1_616).toList(),
        after.stream().map(ProbePoint::offset).toList());
  }

  @Test
  void aRunOfNopsIsNoReturn() throws IOException {
    binary.nop = new byte[18];
    Arrays.fill(binary.nop, (byte) 0x90);
    read().calls().forEach(c -> assertEquals(1, c.returns().size(), c::toString));
  }

  @Test
  void aFileOfNoSenseIsNoMoreThanRefused() throws IOException {
    Random random = new Random(11);
    byte[] sound = binary.bytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = sound.clone();
      for (int damage = random.nextInt(4); damage >= 0; damage--) {
        bytes[damaged(random, bytes.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(dir.resolve("damaged"), bytes);
      try {
        ElfFile.read(file, ProbePoint.openSsl());
      } catch (IOException refused) {
        assertTrue(refused.getMessage() != null);
      }
    }
  }

  /** Most of the file is room between its head and its code. */
  private static int damaged(Random random, int size) {
    return random.nextBoolean() ? random.nextInt(120) : 0x1000 + random.nextInt(size - 0x1000);
  }

  private GoProgram read() throws IOException {
    return ElfFile.read(binary.write(dir.resolve("program")), ProbePoint.openSsl()).go();
  }
}
