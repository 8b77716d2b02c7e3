package io.mailgenius.jobs.campaigns;

import java.time.Instant;

/** Whether a chunk's mails may go out now. */
public sealed interface SendPermission {

    /** What the chunk has reserved from now on; it takes the place of what it had. */
    Reservation permit();

    /** They may. */
    record Granted(Reservation permit) implements SendPermission {}

    /** Not before then. */
    record Wait(Instant until, Reservation permit, String reason) implements SendPermission {}
}
