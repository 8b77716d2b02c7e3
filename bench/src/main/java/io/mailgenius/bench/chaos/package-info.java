/**
 * The chaos test: real nodes send a campaign while they are killed, stopped and continued, and
 * their stores emptied and restarted; in the end the provider's record is compared with the
 * ledger's.
 */
@NullMarked
package io.mailgenius.bench.chaos;

import org.jspecify.annotations.NullMarked;
