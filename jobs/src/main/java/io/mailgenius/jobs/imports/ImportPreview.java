package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.files.PreviewSheet;
import io.mailgenius.schema.ContactStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A preview of a file that was not imported.
 *
 * @param sha256 of the file, in hexadecimal
 * @param sameFileAs an import of an identical file, or null
 * @param rows the first rows of the file, unchanged
 * @param sampled the number of rows that were examined for types and warnings
 * @param warnings texts for the user
 * @param sheets of a spreadsheet, in order; empty for other files
 * @param statuses the number of sampled rows with a status below {@code SUBSCRIBED}, by status; a
 *     contact gets it unless its status is lower
 */
public record ImportPreview(
        String fileName,
        long bytes,
        String sha256,
        @Nullable Long sameFileAs,
        FileFormat format,
        List<PreviewColumn> columns,
        List<List<String>> rows,
        int sampled,
        List<String> warnings,
        List<PreviewSheet> sheets,
        Map<ContactStatus, Integer> statuses) {

    /**
     * @param name the name of the column in the options
     * @param mapping the target unless the options change it: a contact field, {@code status},
     *     {@code attributes.<name>} or {@code ignore}
     * @param type by the options, otherwise by the examined values: {@code text}, {@code number},
     *     {@code boolean} or {@code date}
     * @param filled the number of sampled rows with a value
     * @param stored the type in which the examined values are stored: {@code text}, {@code number},
     *     {@code boolean}, {@code mixed}, or null if nothing is stored
     */
    public record PreviewColumn(
            String name, String mapping, String type, int filled, @Nullable String stored) {}
}
