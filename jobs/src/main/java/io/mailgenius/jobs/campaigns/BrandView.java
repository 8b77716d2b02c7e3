package io.mailgenius.jobs.campaigns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sender identity of a workspace.
 *
 * @see BrandDraft
 */
public record BrandView(
        long id,
        String name,
        String from,
        @Nullable String replyTo,
        @Nullable String postalAddress,
        @Nullable String trackingDomain,
        @Nullable String logo,
        @Nullable String color,
        Instant createdAt) {}
