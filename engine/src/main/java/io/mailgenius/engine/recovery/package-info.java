/** Mends what crashes leave behind: chunks of dead nodes, and queues that Redis lost. */
@NullMarked
package io.mailgenius.engine.recovery;

import org.jspecify.annotations.NullMarked;
