/** Trouble of the servers around us, which passes and is neither a job's fault nor a chunk's. */
@NullMarked
package io.mailgenius.engine.failures;

import org.jspecify.annotations.NullMarked;
