package io.mailgenius.jobs.delivery;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a mail needs to know of the one who gets it.
 *
 * @param values by the names that templates use; made when the mail is written, since those of a
 *     whole chunk would be alive at once, and copied by each collection
 * @param tracked unless this person wants none of it
 * @param obstacle why this person is not mailed after all, or null
 */
record Recipient(
        long contactId,
        String email,
        Supplier<Map<String, Object>> values,
        boolean tracked,
        @Nullable String obstacle) {}
