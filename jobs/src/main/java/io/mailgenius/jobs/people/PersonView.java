package io.mailgenius.jobs.people;

import io.mailgenius.schema.MemberRole;
import io.mailgenius.schema.PersonStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person of the workspace.
 *
 * @param maySend whether the person may send campaigns
 * @param secondFactor whether the person has one
 * @param joinedAt when the person came to this workspace
 */
public record PersonView(
        long id,
        String email,
        String name,
        MemberRole role,
        boolean maySend,
        PersonStatus status,
        boolean secondFactor,
        Instant joinedAt,
        @Nullable Instant signedInAt) {}
