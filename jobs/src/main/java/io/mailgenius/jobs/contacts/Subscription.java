package io.mailgenius.jobs.contacts;

import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subscription by form that the owner of the mailbox has confirmed.
 *
 * @param source the form
 */
public record Subscription(
        EmailAddress email,
        @Nullable String firstName,
        @Nullable String lastName,
        Map<String, Object> attributes,
        List<Long> listIds,
        List<Long> topicIds,
        String source,
        FormConsent agreed) {}
