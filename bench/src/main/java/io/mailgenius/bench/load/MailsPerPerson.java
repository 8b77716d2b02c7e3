package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many mails each of the people of {@link Tenants} got, as the provider counts them. As with
 * Resend, a batch that comes again with the same idempotency key is not mailed again.
 */
public final class MailsPerPerson {

    private static final byte[] TO = "\"to\":[\"".getBytes(US_ASCII);

    private final AtomicIntegerArray mails;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final AtomicLong repeatedBatches = new AtomicLong();
    private final AtomicLong strangers = new AtomicLong();

    /**
     * @param people how many there are
     */
    public MailsPerPerson(int people) {
        mails = new AtomicIntegerArray(people);
    }

    /** A batch of mails as it came in. */
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

    /** Of {@code p17@example.com}; -1 of any other address. */
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

    /** People of {@code [from, to)} who got fewer mails than they were to get. */
    public long missing(int from, int to, int due) {
        long missing = 0;
        for (int n = from; n < to; n++) {
            missing += mails.get(n) < due ? 1 : 0;
        }
        return missing;
    }

    /** People of {@code [from, to)} who got more. */
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

    /** Mails to addresses that nobody made. */
    public long strangers() {
        return strangers.get();
    }

    /** Batches that came again with a key that had come before. */
    public long repeatedBatches() {
        return repeatedBatches.get();
    }
}
