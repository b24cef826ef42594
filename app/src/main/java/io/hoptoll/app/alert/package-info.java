/**
 * Alerts: judged paths in, on the watch's thread; a webhook's calls out, on a thread of their own.
 */
@NullMarked
package io.hoptoll.app.alert;

import org.jspecify.annotations.NullMarked;
