package io.hoptoll.bench.accuracy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hoptoll.minimesh.fault.FaultKind;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PairwiseTest {
  @Test
  void everyPairThatCanBeIsCovered() {
    for (long seed = 1; seed <= 3; seed++) {
      assertEquals(pairs(CaseGenerator.all()), pairs(CaseGenerator.pairwise(seed)));
    }
  }

  @Test
  void withFarFewerCasesAndNoneTwice() {
    List<Case> chosen = CaseGenerator.pairwise(1);
    assertEquals(chosen.size(), new HashSet<>(chosen).size());
    assertTrue(chosen.size() * 3 < CaseGenerator.all().size(), chosen.size() + " cases");
  }

  @Test
  void someAreOfTwoFaultsAtOnceAtDifferentActors() {
    List<Case> pairs = CaseGenerator.pairwise(1).stream().filter(Case::isPair).toList();
    assertTrue(pairs.size() >= 20, pairs.size() + " pairs");
    for (Case pair : pairs) {
      assertTrue(!pair.actor().equals(Objects.requireNonNull(pair.also()).actor()), pair::key);
    }
    assertEquals(pairs.size(), pairs.stream().map(Case::key).distinct().count());
  }

  @Test
  void theSeedDecides() {
    assertEquals(CaseGenerator.pairwise(7), CaseGenerator.pairwise(7));
    assertTrue(!CaseGenerator.pairwise(7).equals(CaseGenerator.pairwise(8)));
  }

  @Test
  void casesOfOneLoadAreBesideEachOther() {
    List<Traffic> changes = new java.util.ArrayList<>();
    for (Case c : CaseGenerator.pairwise(1)) {
      if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(c.traffic())) {
        changes.add(c.traffic());
      }
    }
    assertEquals(changes.size(), new HashSet<>(changes).size());
  }

  @Test
  void everyFaultIsThereAndTheSmokeIsPartOfAll() {
    assertEquals(
        Set.of(FaultKind.values()),
        CaseGenerator.pairwise(1).stream().map(Case::kind).collect(Collectors.toSet()));
    assertTrue(CaseGenerator.all().containsAll(CaseGenerator.smoke()));
  }

  private static Set<Pairwise.Pair> pairs(List<Case> cases) {
    return cases.stream()
        .flatMap(c -> Pairwise.pairs(c.values()).stream())
        .collect(Collectors.toSet());
  }
}
