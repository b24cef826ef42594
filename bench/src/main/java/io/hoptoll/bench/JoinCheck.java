package io.hoptoll.bench;

import io.hoptoll.model.Exchange;
import io.hoptoll.model.HalfHop;
import io.hoptoll.model.Hop;
import io.hoptoll.model.Leg;
import io.hoptoll.model.Nanos;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares every hop with what the apps saw. One wrong pair is a failure. */
final class JoinCheck {
  private static final int SHOWN = 5;

  private final Stamps stamps;
  private final List<String> wrong = new ArrayList<>();
  private int proven;
  private int attemptsProven;
  private int unproven;
  private int unbalanced;

  JoinCheck(Stamps stamps) {
    this.stamps = stamps;
  }

  void check(Hop hop) {
    HalfHop client = hop.client();
    HalfHop server = hop.server();
    if (client == null || server == null) {
      return;
    }
    balance(hop, client.callingApp());
    String sent = stamp(client, client.callingApp(), true);
    String served = stamp(server, server.servingApp(), false);
    if (sent == null || served == null) {
      unproven++;
    } else if (sent.equals(served)) {
      proven++;
    } else {
      wrong.add(sent + " joined with " + served + ": " + client.span().proxy().workload());
    }
    for (HalfHop attempt : hop.attempts()) {
      attempt(sent, stamp(attempt, attempt.servingApp(), false));
    }
  }

  private void attempt(@Nullable String sent, @Nullable String served) {
    if (sent != null && served != null && !sent.equals(served)) {
      wrong.add(sent + " has an attempt of " + served);
    } else if (sent != null && served != null) {
      attemptsProven++;
    }
  }

  /** The legs must add up to what the client app's socket saw, computed here from its exchange. */
  private void balance(Hop hop, @Nullable Exchange app) {
    long sum = hop.ledger().legs().stream().mapToLong(Leg::nanos).sum();
    long total = sum;
    boolean whole = hop.ledger().mergedMarks().isEmpty();
    if (app != null && whole && Nanos.isSet(app.marks().readLastNanos())) {
      total = app.marks().readLastNanos() - app.marks().sendFirstNanos();
    }
    unbalanced += sum == total && sum == hop.ledger().totalNanos() ? 0 : 1;
  }

  private @Nullable String stamp(HalfHop half, @Nullable Exchange app, boolean called) {
    if (app == null) {
      return null;
    }
    String workload = half.span().proxy().workload();
    return called ? stamps.called(workload, app) : stamps.served(workload, app);
  }

  int proven() {
    return proven;
  }

  int attemptsProven() {
    return attemptsProven;
  }

  int unproven() {
    return unproven;
  }

  int unbalanced() {
    return unbalanced;
  }

  int wrong() {
    return wrong.size();
  }

  List<String> firstWrong() {
    return wrong.subList(0, Math.min(SHOWN, wrong.size()));
  }
}
