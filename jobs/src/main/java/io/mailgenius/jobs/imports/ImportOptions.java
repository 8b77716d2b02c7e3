package io.mailgenius.jobs.imports;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a file is to be read.
 *
 * @param mapping what a column means, by its header: a contact field such as {@code firstName},
 *     {@code attributes.plan}, or {@code ignore}; a column that is not named here is understood by
 *     its header
 * @param listId the list that all contacts of the file join
 */
public record ImportOptions(@Nullable Map<String, String> mapping, @Nullable Long listId) {

    public static final ImportOptions DEFAULT = new ImportOptions(null, null);

    Map<String, String> mappingOrNone() {
        return mapping == null ? Map.of() : mapping;
    }
}
