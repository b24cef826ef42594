/** What the overhead bench needs of the agent's inner classes: in their package, to see them. */
@NullMarked
package io.hoptoll.agent;

import org.jspecify.annotations.NullMarked;
