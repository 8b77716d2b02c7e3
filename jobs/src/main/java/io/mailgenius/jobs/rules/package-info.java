/** Segment rules: parsed from JSON and compiled to SQL. */
@NullMarked
package io.mailgenius.jobs.rules;

import org.jspecify.annotations.NullMarked;
