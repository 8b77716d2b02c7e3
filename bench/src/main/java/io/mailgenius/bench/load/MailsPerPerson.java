package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the mails per person of {@link Tenants} at the provider. As with Resend, a batch that is
 * repeated with the same idempotency key is not mailed again.
 */
public final class MailsPerPerson {

    private static final byte[] TO = "\"to\":[\"".getBytes(US_ASCII);

    private final AtomicIntegerArray mails;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final AtomicLong repeatedBatches = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();

    /**
     * @param people the number of people
     */
    public MailsPerPerson(int people) {
        mails = new AtomicIntegerArray(people);
    }

    /** Accepts a received batch. */
    void accept(String key, byte[] body) {
        if (!key.isEmpty() && !keys.add(key)) {
            repeatedBatches.incrementAndGet();
            return;
        }
        for (int at = 0; at + TO.length < body.length; at++) {
            if (body[at] == '"' && isTo(body, at)) {
                at += TO.length;
                count(number(body, at));
            }
        }
    }

    private static boolean isTo(byte[] body, int at) {
        for (int n = 0; n < TO.length; n++) {
            if (body[at + n] != TO[n]) {
                return false;
            }
        }
        return true;
    }

    /** The number in {@code p17@example.com}; -1 for any other address. */
    private static int number(byte[] body, int at) {
        int number = 0;
        int digit = at + 1;
        while (digit < body.length && body[digit] >= '0' && body[digit] <= '9') {
            number = 10 * number + body[digit] - '0';
            digit++;
        }
        return body[at] == 'p' && digit > at + 1 && body[digit] == '@' ? number : -1;
    }

    private void count(int number) {
        if (number >= 0 && number < mails.length()) {
            mails.incrementAndGet(number);
        } else {
            strangers.incrementAndGet();
        }
    }

    /** People of {@code [from, to)} with fewer mails than due. */
    public long missing(int from, int to, int due) {
        long missing = 0;
        for (int n = from; n < to; n++) {
            missing += mails.get(n) < due ? 1 : 0;
        }
        return missing;
    }

    /** People of {@code [from, to)} with more mails than due. */
    public long doubled(int from, int to, int due) {
        long doubled = 0;
        for (int n = from; n < to; n++) {
            doubled += mails.get(n) > due ? 1 : 0;
        }
        return doubled;
    }

    /** Mails to people of {@code [from, to)} so far. */
    public long mails(int from, int to) {
        long sum = 0;
        for (int n = from; n < to; n++) {
            sum += mails.get(n);
        }
        return sum;
    }

    /** Mails to unknown addresses. */
    public long strangers() {
        return strangers.get();
    }

    /** Batches with an idempotency key that was used before. */
    public long repeatedBatches() {
        return repeatedBatches.get();
    }
}
