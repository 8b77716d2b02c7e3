/**
 * From a file to contacts: the file is cut at true record boundaries, workers read, check and merge
 * the pieces, and every row is accounted for.
 */
@NullMarked
package io.mailgenius.jobs.imports;

import org.jspecify.annotations.NullMarked;
