package io.mailgenius.jobs.endpoints;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a failed attempt is repeated: soon at first, and after growing gaps until nearly a day has
 * passed.
 */
final class RetrySchedule {

    private static final List<Duration> GAPS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofHours(4),
                    Duration.ofHours(8),
                    Duration.ofHours(8));

    private RetrySchedule() {}

    /**
     * @param tries how many attempts have failed, at least 1
     * @param chance 0 to 1, which spreads the attempts of many messages by a tenth
     * @return empty if there is no further attempt
     */
    static Optional<Duration> after(int tries, double chance) {
        return tries > GAPS.size()
                ? Optional.empty()
                : Optional.of(
                        GAPS.get(tries - 1)
                                .plusMillis(
                                        (long) (GAPS.get(tries - 1).toMillis() * 0.1 * chance)));
    }
}
