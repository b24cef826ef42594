/**
 * What the processes of each pod did on their sockets: exchanges and connections in, a pod's
 * topology and the table of each of its lines out. Names come from Kubernetes or a file, else from
 * access logs, else from addresses. Runs on the correlator's thread.
 */
@NullMarked
package io.hoptoll.correlator.pods;

import org.jspecify.annotations.NullMarked;
