/**
 * Names of pods for what the kernel sees: the pods of one node from the Kubernetes API, or a YAML
 * file in its place, in; {@link io.hoptoll.model.Pod} out. The API's events come on its client's
 * thread.
 */
@NullMarked
package io.hoptoll.kubernetes;

import org.jspecify.annotations.NullMarked;
