/**
 * The chaos test: real nodes send campaigns while nodes and stores fail; in the end the provider's
 * record is compared with the ledger.
 */
@NullMarked
package io.mailgenius.bench.chaos;

import org.jspecify.annotations.NullMarked;
