/** The command line: one class a command; prints for a person, or {@code --output json}. */
@NullMarked
package io.hoptoll.app.cli;

import org.jspecify.annotations.NullMarked;
