package io.mailgenius.jobs.people;

import io.mailgenius.schema.MemberRole;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * @param email of whoever is invited; whoever has the link says it, if it is left out
 * @param maySend whether the person may send campaigns; no, unless told
 * @param mail whether the link is mailed to the address; no, unless told
 */
public record InvitationDraft(
        @Size(max = 320) @Nullable String email,
        MemberRole role,
        @Nullable Boolean maySend,
        @Nullable Boolean mail) {

    /** Whether the link is to be mailed. */
    public boolean mailed() {
        return Boolean.TRUE.equals(mail);
    }
}
