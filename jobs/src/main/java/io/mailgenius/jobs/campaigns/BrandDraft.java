package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.TextPatterns;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A brand as a person writes it.
 *
 * @param from an address, or {@code Name <address>}; its domain is proven to be this workspace's
 * @param postalAddress in the footer of its mails; null for that of the workspace
 * @param trackingDomain a host that leads to this installation, for links in its mails; null for
 *     the installation's
 * @param logo a PNG, JPEG, GIF or WebP of up to 64 KiB as a data URI
 * @param color {@code #rrggbb}, of buttons and links on its pages
 */
public record BrandDraft(
        @Size(min = 1, max = DraftChecks.MAX_NAME) @Pattern(regexp = TextPatterns.NOT_BLANK)
                String name,
        @Pattern(regexp = TextPatterns.SENDER) @Size(max = DraftChecks.MAX_SUBJECT) String from,
        @Pattern(regexp = TextPatterns.SENDER) @Size(max = DraftChecks.MAX_SUBJECT)
                @Nullable String replyTo,
        @Size(max = 500) @Nullable String postalAddress,
        @Size(max = 253) @Nullable String trackingDomain,
        @Size(max = Brands.MAX_LOGO) @Nullable String logo,
        @Pattern(regexp = "#[0-9a-fA-F]{6}") @Nullable String color) {}
