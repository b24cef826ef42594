/**
 * The Model Context Protocol: tool calls of an assistant on standard input in, answers of a Hoptoll
 * server's API out on standard output. Runs on the SDK's threads.
 */
@NullMarked
package io.hoptoll.app.mcp;

import org.jspecify.annotations.NullMarked;
