package io.mailgenius.bench.load;

import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Reports of activities in batches, each computed from its number.
 *
 * @param batch activities in a request
 * @param contacts whose addresses begin with c1@
 * @param from the number of requests of an earlier run over the same database
 */
public record ReportedActivities(String key, int batch, long contacts, long from)
        implements NumberedRequests {

    private static final String[] DOMAINS = {
        "gmail.com", "gmail.com", "outlook.com", "yahoo.com", "icloud.com", "example.com"
    };

    @Override
    public boolean settles(long number, int status, String location) {
        return status == 200;
    }

    @Override
    public byte[] request(long number, String host, Instant sent) {
        long first = (from + number) * batch;
        String events =
                LongStream.range(first, first + batch)
                        .mapToObj(this::event)
                        .collect(Collectors.joining(","));
        return JsonRequest.post(
                "/api/v1/events/batch", host, key, "", "{\"events\":[" + events + "]}");
    }

    /** Multiplied by a large prime, so that consecutive activities are of contacts far apart. */
    private String event(long n) {
        long contact = 1 + n * 7_919L % contacts;
        return String.format(
                Locale.ROOT,
                """
        {"id":"order-%d","name":"order_placed","email":"c%d@%s","value":%d.90,"currency":"EUR","properties":{"items":%d,"channel":"web"}}""",
                n,
                contact,
                DOMAINS[(int) (contact % 6)],
                n % 500,
                1 + n % 7);
    }
}
