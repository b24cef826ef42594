package io.hoptoll.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page's JSDoc types, held against its code by TypeScript's compiler. */
class PageTypesTest {
  private static final Path MAIN =
      Path.of("..", "app/src/main/resources/io/hoptoll/app/api/page/main.js");

  @Test
  void everyValueIsOfItsType() throws Exception {
    List<String> tsc = new ArrayList<>(List.of(Programs.find("tsc").toString()));
    tsc.addAll(List.of("--allowJs", "--checkJs", "--noEmit", "--strict"));
    tsc.addAll(List.of("--target", "es2022", "--module", "es2022"));
    tsc.addAll(List.of("--lib", "es2022,dom,dom.iterable", MAIN.toString()));
    Programs.Result said = Programs.run("", tsc);
    assertEquals("", said.output());
    assertEquals(0, said.status());
  }
}
