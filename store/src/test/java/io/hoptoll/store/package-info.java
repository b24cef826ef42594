/** The store on a real disk: a process killed, a file system that is full, files of others. */
@NullMarked
package io.hoptoll.store;

import org.jspecify.annotations.NullMarked;
