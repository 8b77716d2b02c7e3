/** Rules that say which contacts are meant: read from JSON, and compiled to SQL. */
@NullMarked
package io.mailgenius.jobs.rules;

import org.jspecify.annotations.NullMarked;
