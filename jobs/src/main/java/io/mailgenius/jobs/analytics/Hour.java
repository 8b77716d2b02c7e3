package io.mailgenius.jobs.analytics;

import java.time.Duration;
import java.time.Instant;

/** An hour of a campaign, by the time at which its events happened, in UTC. */
record Hour(long campaignId, Instant start) {

    static final Hour NONE = new Hour(0, Instant.EPOCH);

    Instant end() {
        return start.plus(Duration.ofHours(1));
    }
}
