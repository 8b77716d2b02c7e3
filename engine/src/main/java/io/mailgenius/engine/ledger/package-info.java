/**
 * The truth about chunks. Each is a row: what to do, who holds it until when, and what became of
 * it.
 */
@NullMarked
package io.mailgenius.engine.ledger;

import org.jspecify.annotations.NullMarked;
