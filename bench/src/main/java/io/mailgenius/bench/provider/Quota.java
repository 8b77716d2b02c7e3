package io.mailgenius.bench.provider;

import io.mailgenius.bench.provider.SubmittedBatch.No;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * The quota of an account, by UTC days and months like the provider's.
 *
 * @param mailsADay 0 for no limit
 * @param mailsAMonth 0 for no limit
 */
record Quota(int mailsADay, int mailsAMonth) {

    static final Quota NONE = new Quota(0, 0);

    /** The used part of the quota. */
    static final class Used {

        private final Quota quota;
        private LocalDate today = LocalDate.EPOCH;
        private int sinceMidnight;
        private int sinceTheFirst;

        Used(Quota quota) {
            this.quota = quota;
        }

        /** Takes all of them or none. */
        synchronized void take(int mails, LocalDate day) throws No {
            if (!day.equals(today)) {
                sinceMidnight = 0;
            }
            if (!YearMonth.from(day).equals(YearMonth.from(today))) {
                sinceTheFirst = 0;
            }
            today = day;
            require(quota.mailsADay, sinceMidnight + mails, "daily_quota_exceeded");
            require(quota.mailsAMonth, sinceTheFirst + mails, "monthly_quota_exceeded");
            sinceMidnight += mails;
            sinceTheFirst += mails;
        }

        private static void require(int most, int mails, String name) throws No {
            if (most > 0 && mails > most) {
                throw new No(429, name, "The account takes no more.");
            }
        }
    }
}
