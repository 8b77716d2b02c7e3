/** Transient failures of PostgreSQL and Redis, which are not counted against jobs and chunks. */
@NullMarked
package io.mailgenius.engine.failures;

import org.jspecify.annotations.NullMarked;
