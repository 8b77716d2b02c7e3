package io.mailgenius.jobs.campaigns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a chunk's mails may go out now. */
public sealed interface Permission {

    /** They may. */
    record Granted(Permit permit) implements Permission {}

    /**
     * Not before then.
     *
     * @param permit what was kept for it until then, if anything
     */
    record Wait(Instant until, @Nullable Permit permit, String reason) implements Permission {}
}
