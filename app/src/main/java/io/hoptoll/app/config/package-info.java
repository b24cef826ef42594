/**
 * Settings: flags over environment over one YAML file over defaults in, a checked {@link
 * io.hoptoll.app.config.Config} out. {@link io.hoptoll.app.config.Settings} is the one place where
 * a setting is declared; its environment variable and flag follow from its key. Runs at start, on
 * the caller's thread.
 */
@NullMarked
package io.hoptoll.app.config;

import org.jspecify.annotations.NullMarked;
