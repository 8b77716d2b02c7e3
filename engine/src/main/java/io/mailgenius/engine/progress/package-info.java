/**
 * The progress of jobs as the ledger has it, for the console and the API. The engine itself does
 * not use it.
 */
@NullMarked
package io.mailgenius.engine.progress;

import org.jspecify.annotations.NullMarked;
