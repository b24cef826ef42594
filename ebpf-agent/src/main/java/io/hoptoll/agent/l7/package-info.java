/**
 * Which protocol a TCP connection speaks, by its first bytes: one recogniser a protocol, each from
 * that protocol's published wire format. Pure functions of {@link io.hoptoll.agent.l7.Heads}. And
 * what HTTP's heads say, of the fields of one list: {@link io.hoptoll.agent.l7.HttpHeads}, {@link
 * io.hoptoll.agent.l7.Http2Heads}.
 */
@NullMarked
package io.hoptoll.agent.l7;

import org.jspecify.annotations.NullMarked;
