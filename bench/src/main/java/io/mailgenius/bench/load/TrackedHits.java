package io.mailgenius.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clicks and opens of a campaign, one in four a click, no two by the same person. Each has its
 * number in the user agent, by which it is found among the events.
 */
public final class TrackedHits implements NumberedRequests {

    private static final int A_CLICK_IN = 4;

    /** Coprime to the number of contacts, so that consecutive hits have unrelated contacts. */
    private static final long STEP = 7_919;

    private final TrackingTokens tokens;
    private final Recipient first;
    private final long contacts;
    private final List<String> codes;
    private final List<String> urls;
    private final long from;
    private final AtomicLong astray = new AtomicLong();

    /**
     * @param first the id of the first recipient; the others follow
     * @param urls the targets of the campaign's links, by their numbers
     * @param from the number of hits of an earlier run over the same database
     */
    TrackedHits(
            TrackingTokens tokens, Recipient first, long contacts, List<String> urls, long from) {
        this.tokens = tokens;
        this.first = first;
        this.contacts = contacts;
        this.urls = urls;
        this.from = from;
        this.codes =
                urls.stream()
                        .map(
                                url ->
                                        tokens.code(
                                                first.workspaceId(),
                                                first.campaignId(),
                                                urls.indexOf(url) + 1))
                        .toList();
    }

    /** The number of redirects to another target than the link's. */
    public long astray() {
        return astray.get();
    }

    @Override
    public byte[] request(long number, String host, Instant sent) {
        long hit = from + number;
        String mail =
                tokens.mail(
                        new Recipient(
                                first.workspaceId(),
                                first.campaignId(),
                                first.contactId() + hit * STEP % contacts));
        String path = isClick(hit) ? "/t/" + mail + "." + codes.get(link(hit)) : "/o/" + mail;
        return String.format(
                        Locale.ROOT,
                        """
        GET %s HTTP/1.1\r
        Host: %s\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 hit/%d\r
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
        Accept-Language: en-US,en;q=0.5\r
        Accept-Encoding: gzip, deflate, br, zstd\r
        \r
        """,
                        path,
                        host,
                        hit)
                .getBytes(US_ASCII);
    }

    private static boolean isClick(long hit) {
        return hit % A_CLICK_IN == 0;
    }

    private int link(long hit) {
        return (int) (hit / A_CLICK_IN % urls.size());
    }

    @Override
    public boolean settles(long number, int status, String location) {
        long hit = from + number;
        if (!isClick(hit)) {
            return status == 200;
        }
        if (status == 302 && !location.equals(urls.get(link(hit)))) {
            astray.incrementAndGet();
        }
        return status == 302;
    }
}
