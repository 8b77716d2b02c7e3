package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * So many mails on the first day, and more from day to day, so that providers get used to a sender.
 * What counts are the days on which mails went out: one on which it was paused does not let it
 * grow.
 *
 * @param growth what the allowance of a day is multiplied by for the next
 * @param zone whose days they are; null for UTC
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WarmUp(int firstDay, double growth, @Nullable String zone) {

    private static final double MOST_GROWTH = 10;

    void require() {
        if (zone != null) {
            TimeZones.named(zone);
        }
        if (firstDay < 1 || !(growth >= 1 && growth <= MOST_GROWTH)) {
            throw new Refusal.Invalid(
                    "campaign-warm-up-invalid",
                    String.format(
                            Locale.ROOT,
                            "A warm-up begins with a firstDay of at least 1 mail, and its growth is 1 to %.0f.",
                            MOST_GROWTH));
        }
    }

    /**
     * @param number 1 for the first day on which mails go out
     */
    long allowance(int number) {
        return (long) Math.min(1e15, Math.floor(firstDay * Math.pow(growth, number - 1)));
    }

    ZoneId days() {
        return ZoneId.of(zone == null ? "UTC" : zone);
    }
}
