/** Reads delimited text row by row, validates each row, and stages the valid ones. */
@NullMarked
package io.mailgenius.jobs.imports.rows;

import org.jspecify.annotations.NullMarked;
