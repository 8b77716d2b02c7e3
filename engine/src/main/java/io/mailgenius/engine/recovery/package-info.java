/** Recovery from crashes: expired leases, dead nodes, and queues that Redis lost. */
@NullMarked
package io.mailgenius.engine.recovery;

import org.jspecify.annotations.NullMarked;
