package io.mailgenius.jobs.people;

import io.mailgenius.schema.MemberRole;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invitation.
 *
 * @param email of whoever is invited; null if the link decides
 * @param mailed whether the link was given to the provider to be mailed there
 */
public record InvitationView(
        long id,
        @Nullable String email,
        MemberRole role,
        boolean maySend,
        boolean mailed,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant acceptedAt) {}
