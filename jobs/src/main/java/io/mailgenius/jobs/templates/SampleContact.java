package io.mailgenius.jobs.templates;

import io.mailgenius.jobs.contacts.ContactView;
import io.mailgenius.schema.ContactStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sample contact of previews, checks and test mails. */
final class SampleContact {

    static final String UNSUBSCRIBE_URL = "https://example.com/unsubscribe";

    static final String PREFERENCES_URL = "https://example.com/preferences";

    static final ContactView ADA =
            new ContactView(
                    1,
                    "ada@example.com",
                    "Ada",
                    "Lovelace",
                    "+44 20 7946 0000",
                    "London",
                    "GB",
                    "en-GB",
                    "Europe/London",
                    Map.of(),
                    ContactStatus.SUBSCRIBED,
                    true,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    null);

    private SampleContact() {}

    static Map<String, Object> variables(@Nullable String postalAddress) {
        return variables(ADA, postalAddress);
    }

    static Map<String, Object> variables(ContactView contact, @Nullable String postalAddress) {
        return TemplateVariables.of(
                contact,
                TemplateVariables.campaign(0, "Preview"),
                new TemplateVariables.Footing(UNSUBSCRIBE_URL, PREFERENCES_URL, postalAddress));
    }
}
