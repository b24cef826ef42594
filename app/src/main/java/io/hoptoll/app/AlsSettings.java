package io.hoptoll.app;

import io.hoptoll.als.AlsConfig;
import io.hoptoll.als.AlsTls;
import io.hoptoll.app.config.Config;
import io.hoptoll.app.config.Settings;
import java.util.List;

/** The access log receiver's configuration, the server's or an agent's. */
final class AlsSettings {
  private AlsSettings() {}

  static AlsConfig of(Config config, List<String> listen) {
    return new AlsConfig(
        listen,
        Math.toIntExact(config.get(Settings.ALS_MAX_MESSAGE)),
        AlsTls.of(
            config.get(Settings.ALS_TLS_CERTIFICATE),
            config.get(Settings.ALS_TLS_KEY),
            config.get(Settings.ALS_TLS_CLIENT_CA)));
  }
}
