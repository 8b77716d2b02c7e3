package io.mailgenius.bench.load;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongArray;

/** Transactional mails, each with its number as a tag, and when each was first asked for. */
public final class NumberedMails implements NumberedRequests {

    private final String key;
    private final AtomicLongArray asked;

    public NumberedMails(String key, long mails) {
        this.key = key;
        this.asked = new AtomicLongArray((int) mails);
    }

    /** The moment of the first request, by {@link System#nanoTime}. */
    public long asked(int number) {
        return asked.get(number);
    }

    @Override
    public boolean settles(long number, int status, String location) {
        return status == 202;
    }

    @Override
    public byte[] request(long number, String host, Instant sent) {
        asked.compareAndSet((int) number, 0, System.nanoTime());
        return JsonRequest.post(
                "/api/v1/mails",
                host,
                key,
                "Idempotency-Key: bench-" + number + "\r\n",
                """
                {"from":"Shop <shop@example.com>","to":"r%1$d@example.com","subject":"Order {{ number }}","html":"<p>Thank you for order {{ number }}.</p>","variables":{"number":%1$d},"tags":{"n":"%1$d"}}"""
                        .formatted(number));
    }
}
