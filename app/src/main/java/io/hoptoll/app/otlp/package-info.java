/**
 * OTLP: requests on the correlator's thread in; one span a leg in the user's own trace and all
 * metrics out, over HTTP, by threads of the OpenTelemetry SDK.
 */
@NullMarked
package io.hoptoll.app.otlp;

import org.jspecify.annotations.NullMarked;
