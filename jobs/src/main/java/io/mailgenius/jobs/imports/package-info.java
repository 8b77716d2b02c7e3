/**
 * Imports files of contacts: the manager splits a file at record boundaries, workers read, validate
 * and merge the slices, and each row is counted under one outcome.
 */
@NullMarked
package io.mailgenius.jobs.imports;

import org.jspecify.annotations.NullMarked;
