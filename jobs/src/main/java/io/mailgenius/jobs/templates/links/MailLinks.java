package io.mailgenius.jobs.templates.links;

import org.jspecify.annotations.Nullable;

/**
 * What one mail does with its links.
 *
 * @param writer null for plain ones
 */
public record MailLinks(TrackedPage tracked, @Nullable LinkWriter writer) {

    public static final MailLinks PLAIN = new MailLinks(TrackedPage.NOTHING, null);

    /** Numbers are places in the list, as they were frozen. */
    @Nullable Link link(int number) {
        return number > 0 && number <= tracked.links().size()
                ? tracked.links().get(number - 1)
                : null;
    }
}
