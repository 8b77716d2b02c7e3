package io.mailgenius.jobs.templates.links;

import org.jspecify.annotations.Nullable;

/**
 * How the links of one mail are written.
 *
 * @param writer null for plain links
 */
public record MailLinks(TrackedPage tracked, @Nullable LinkWriter writer) {

    public static final MailLinks PLAIN = new MailLinks(TrackedPage.NOTHING, null);

    /** The number of a link is its position in the frozen list. */
    @Nullable Link link(int number) {
        return number > 0 && number <= tracked.links().size()
                ? tracked.links().get(number - 1)
                : null;
    }
}
