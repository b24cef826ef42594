package io.hoptoll.app.alert;

import io.hoptoll.app.config.Setting;
import io.hoptoll.app.config.Settings;
import io.hoptoll.correlator.Summary;
import io.hoptoll.model.Party;
import java.util.Set;

/** The parts of a request's time that have a threshold. */
enum Split {
  SIDECARS(Settings.ALERT_SIDECARS, Set.of(Party.CLIENT_SIDECAR, Party.SERVER_SIDECAR)),
  TRANSPORT(Settings.ALERT_TRANSPORT, Set.of(Party.TRANSPORT)),
  APPS(Settings.ALERT_APPS, Set.of(Party.CLIENT_APP, Party.SERVER_APP));

  final Setting<Double> threshold;
  private final Set<Party> parties;

  Split(Setting<Double> threshold, Set<Party> parties) {
    this.threshold = threshold;
    this.parties = parties;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Share (0..1) of the mean request that these parties own. */
  double share(Summary summary) {
    double own = 0;
    for (Party party : parties) {
      own += summary.parties().getOrDefault(party, 0.0);
    }
    return summary.meanNanos() > 0 ? own / summary.meanNanos() : 0;
  }
}
