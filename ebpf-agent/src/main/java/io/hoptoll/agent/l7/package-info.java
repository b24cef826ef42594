/**
 * Which protocol a TCP connection speaks, by its first bytes: one recogniser a protocol, each from
 * that protocol's published wire format. Pure functions of {@link io.hoptoll.agent.l7.Heads}.
 */
@NullMarked
package io.hoptoll.agent.l7;

import org.jspecify.annotations.NullMarked;
