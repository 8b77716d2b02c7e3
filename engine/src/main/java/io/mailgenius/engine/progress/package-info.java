/**
 * How far jobs are, as the ledger has it: read for people and programs, never by the engine itself.
 */
@NullMarked
package io.mailgenius.engine.progress;

import org.jspecify.annotations.NullMarked;
