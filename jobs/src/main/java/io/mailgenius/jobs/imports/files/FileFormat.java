package io.mailgenius.jobs.imports.files;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The detected format of a file.
 *
 * @param packing {@code gzip}, {@code zip}, {@code xlsx}, or null for plain text
 * @param encoding of the text
 * @param delimiter between the values
 * @param header whether the first record names the columns
 * @param sheet of a spreadsheet, the name of the one that is read
 * @param warnings about contents of a spreadsheet that an import ignores; null in imports that are
 *     older than this field
 */
public record FileFormat(
        @Nullable String packing,
        String encoding,
        String delimiter,
        boolean header,
        @Nullable String sheet,
        @Nullable List<String> warnings) {}
