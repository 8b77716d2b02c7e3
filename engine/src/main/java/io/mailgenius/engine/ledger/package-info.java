/** The ledger: one row per chunk, with its payload, its owner and lease, and its result. */
@NullMarked
package io.mailgenius.engine.ledger;

import org.jspecify.annotations.NullMarked;
