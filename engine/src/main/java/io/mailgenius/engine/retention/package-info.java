/** Deletes old jobs, so that launches stay fast. */
@NullMarked
package io.mailgenius.engine.retention;

import org.jspecify.annotations.NullMarked;
