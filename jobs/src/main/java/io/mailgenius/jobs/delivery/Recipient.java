package io.mailgenius.jobs.delivery;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a mail needs to know about its recipient.
 *
 * @param values by the names that templates use; made when the mail is rendered, since those of a
 *     whole chunk would be alive at once, and copied by each garbage collection
 * @param tracked unless this contact has tracking off
 * @param obstacle why this contact is not mailed after all, or null
 */
record Recipient(
        long contactId,
        String email,
        Supplier<Map<String, Object>> values,
        boolean tracked,
        @Nullable String obstacle) {}
