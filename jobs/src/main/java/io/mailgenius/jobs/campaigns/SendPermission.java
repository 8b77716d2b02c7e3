package io.mailgenius.jobs.campaigns;

import java.time.Instant;

/** Whether a chunk may be sent now. */
public sealed interface SendPermission {

    /** The chunk's reservation from now on, in place of its earlier one. */
    Reservation permit();

    /** It may. */
    record Granted(Reservation permit) implements SendPermission {}

    /** Not before this moment. */
    record Wait(Instant until, Reservation permit, String reason) implements SendPermission {}
}
