package io.mailgenius.jobs.imports;

import org.jspecify.annotations.Nullable;

/**
 * What a file turned out to be.
 *
 * @param packing {@code gzip}, {@code zip}, {@code xlsx}, or null for plain text
 * @param encoding of the text
 * @param delimiter between the values
 * @param header whether the first record names the columns
 */
public record FileFormat(
        @Nullable String packing, String encoding, String delimiter, boolean header) {}
