/**
 * Checks of what a user applies. In: the YAML and scripts beside this module's pom. Out: failures
 * where a field is none of Kubernetes' or Istio's, where two files name one thing differently, or
 * where a real Envoy refuses the EnvoyFilter's patch.
 */
@NullMarked
package io.hoptoll.samples;

import org.jspecify.annotations.NullMarked;
