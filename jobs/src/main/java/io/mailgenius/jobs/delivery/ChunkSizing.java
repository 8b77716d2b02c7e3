package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.campaigns.SendWindow;
import io.mailgenius.jobs.campaigns.TimeZones;
import io.mailgenius.jobs.campaigns.Timing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an audience is cut into chunks: how many recipients each may have, and which of them must not
 * share one.
 *
 * @param most recipients of a chunk
 * @param schedule if each recipient is due at a local time
 * @param byZone if recipients of a chunk must have the same zone
 * @param otherwise the zone of contacts without a readable one
 */
record ChunkSizing(
        int most, @Nullable Schedule schedule, boolean byZone, @Nullable String otherwise) {

    static final ChunkSizing PLAIN = new ChunkSizing(AudienceReader.CHUNK, null, false, null);

    /**
     * The number of recipients that are divided by zone at a time: zones are many and chunks should
     * be large.
     */
    private static final int DIVIDED = 10_000;

    /** What the recipients of a chunk have in common. */
    record Group(@Nullable Instant notBefore, @Nullable String zone) {}

    static ChunkSizing of(Timing timing) {
        Schedule schedule = timing.schedule();
        SendWindow window = timing.window();
        return new ChunkSizing(
                timing.chunk(AudienceReader.CHUNK),
                schedule != null && schedule.eachTheirOwn() ? schedule : null,
                window != null && window.eachTheirOwn(),
                schedule == null ? null : schedule.zone());
    }

    boolean asksForZones() {
        return schedule != null || byZone;
    }

    /** How many members are read at a time. */
    int page() {
        return asksForZones() ? DIVIDED : AudienceReader.CHUNK;
    }

    /**
     * @param zone of the contact, readable or not
     */
    Group group(@Nullable String zone) {
        return new Group(
                schedule == null ? null : schedule.momentFor(zone), byZone ? readable(zone) : null);
    }

    private @Nullable String readable(@Nullable String zone) {
        return TimeZones.readable(zone).isPresent() ? zone : otherwise;
    }
}
