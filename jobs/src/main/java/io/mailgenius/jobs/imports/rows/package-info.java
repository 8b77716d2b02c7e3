/** Reads delimited text row by row, checks each row, and stages those that are good. */
@NullMarked
package io.mailgenius.jobs.imports.rows;

import org.jspecify.annotations.NullMarked;
