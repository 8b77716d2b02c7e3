/**
 * Notifications over Redis: queues of READY chunks for workers, and a channel of chunk responses
 * for managers. Losing this data costs time but no work, because the ledger has the same
 * information.
 */
@NullMarked
package io.mailgenius.engine.transport;

import org.jspecify.annotations.NullMarked;
