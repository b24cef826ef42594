/**
 * A mesh on one machine: a network namespace per pod, Istio's redirect rules, real Envoys
 * configured over ADS by the java-control-plane server, services shaped as Bookinfo. In: a {@link
 * io.hoptoll.minimesh.MeshConfig}. Out: traffic, access logs, and faults with their measured truth.
 *
 * <p>Knows nothing of the product but {@code model.Party} and {@code model.Cause}, which name the
 * truth; the product knows nothing of it.
 */
@NullMarked
package io.hoptoll.minimesh;

import org.jspecify.annotations.NullMarked;
