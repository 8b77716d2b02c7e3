package io.mailgenius.jobs.campaigns;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.workspaces.Refusal;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A number of mails on the first day, and more from day to day, so that mailbox providers get used
 * to a sender. Only days on which mails were sent count, so the allowance does not grow during a
 * pause.
 *
 * @param growth the factor from one day to the next
 * @param zone of the days; null for UTC
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
     * @param number 1 for the first day on which mails are sent
     */
    long allowance(int number) {
        return (long) Math.min(1e15, Math.floor(firstDay * Math.pow(growth, number - 1)));
    }

    ZoneId days() {
        return ZoneId.of(zone == null ? "UTC" : zone);
    }
}
