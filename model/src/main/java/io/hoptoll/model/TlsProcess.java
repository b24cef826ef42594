package io.hoptoll.model;

/**
 * A process whose TLS a profiling task wants read.
 *
 * @param netns its network namespace
 * @param how the files by which it is covered, or why it is not
 */
public record TlsProcess(int tgid, String name, long netns, boolean covered, String how) {}
