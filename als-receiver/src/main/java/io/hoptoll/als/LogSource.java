package io.hoptoll.als;

import io.hoptoll.model.Proxy;

/**
 * One configured log of one proxy. The same request logged by two of them is a copy; logged twice
 * by one of them it is two requests.
 *
 * @param http the HTTP logger, which says more than the TCP logger about the same request
 */
record LogSource(Proxy proxy, String logName, boolean http) {}
