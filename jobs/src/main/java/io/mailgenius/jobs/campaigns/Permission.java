package io.mailgenius.jobs.campaigns;

import java.time.Instant;

/** Whether a chunk's mails may go out now. */
public sealed interface Permission {

    /** What the chunk has reserved from now on; it takes the place of what it had. */
    Permit permit();

    /** They may. */
    record Granted(Permit permit) implements Permission {}

    /** Not before then. */
    record Wait(Instant until, Permit permit, String reason) implements Permission {}
}
