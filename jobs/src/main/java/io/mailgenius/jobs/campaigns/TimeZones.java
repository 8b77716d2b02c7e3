package io.mailgenius.jobs.campaigns;

import io.mailgenius.jobs.workspaces.Refusal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads names of time zones. */
public final class TimeZones {

    private TimeZones() {}

    /**
     * An IANA zone.
     *
     * @throws Refusal.Invalid if there is no such zone
     */
    static ZoneId named(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new Refusal.Invalid(
                    "zone-unknown",
                    "\"%s\" is no time zone: name one of the IANA's, such as Europe/Berlin or UTC."
                            .formatted(name));
        }
        return ZoneId.of(name);
    }

    /** The zone of a contact, whose field may contain any text: empty if it cannot be read. */
    public static Optional<ZoneId> readable(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZoneId.of(text.strip()));
        } catch (DateTimeException noZone) {
            return Optional.empty();
        }
    }
}
