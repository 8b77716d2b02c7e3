package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.files.FileFormat;
import io.mailgenius.jobs.imports.files.PreviewSheet;
import io.mailgenius.schema.ContactStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The preview of a file, before it is imported.
 *
 * @param sha256 of the file, in hexadecimal
 * @param sameFileAs an import of the very same file, or null
 * @param rows the first ones, as they stand in the file
 * @param sampled how many rows were examined for types and warnings
 * @param warnings in words
 * @param sheets of a spreadsheet, in their order; none of other files
 * @param statuses how many of the sampled rows state a status below {@code SUBSCRIBED}, by status;
 *     a contact gets it unless it has a lower one
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
     * @param name by which the options know it
     * @param mapping what it becomes unless the options say otherwise: a contact field, {@code
     *     status}, {@code attributes.<name>} or {@code ignore}
     * @param type by the options, else of the values seen: {@code text}, {@code number}, {@code
     *     boolean} or {@code date}
     * @param filled how many of the sampled rows have a value there
     * @param stored what the import makes of the values seen: {@code text}, {@code number}, {@code
     *     boolean}, {@code mixed}, or null where nothing is stored
     */
    public record PreviewColumn(
            String name, String mapping, String type, int filled, @Nullable String stored) {}
}
