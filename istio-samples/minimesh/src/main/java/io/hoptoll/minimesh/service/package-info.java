/**
 * The programs inside the pods: a Bookinfo-like service and a load generator. Each is a small JVM
 * of its own that takes commands on stdin, one a line, answers on stdout, and ends when stdin does,
 * so nothing of it survives the harness and no control traffic crosses the mesh. JDK only.
 */
@NullMarked
package io.hoptoll.minimesh.service;

import org.jspecify.annotations.NullMarked;
