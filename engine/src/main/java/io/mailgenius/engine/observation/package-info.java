/** What jobs and chunks leave behind for whoever watches: metrics, log lines and traces. */
@NullMarked
package io.mailgenius.engine.observation;

import org.jspecify.annotations.NullMarked;
