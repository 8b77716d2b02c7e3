package io.mailgenius.jobs.providers.resend;

import com.resend.core.mapper.ResendMapper;
import com.resend.services.domains.dto.DomainDTO;
import com.resend.services.domains.model.ListDomainsResponse;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.SenderDomains;
import io.mailgenius.jobs.providers.resend.ResendClient.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The domains of the account, as {@code GET /domains} lists them, a hundred per request. Each
 * request takes a slot of the account's rate, which it shares with the batches; if none is near,
 * Resend is not asked.
 */
public final class ResendDomains implements SenderDomains, AutoCloseable {

    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration KEPT_AT_LEAST = Duration.ofSeconds(10);

    /** A person waits for the answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final int MOST_PAGES = 20;

    private final ResendClient http;
    private final SendRateLimiter sendRateLimiter;
    private final InstantSource clock;
    private final ResendMapper reader = new ResendMapper();
    private @Nullable Kept kept;

    public ResendDomains(
            ResendSettings settings, SendRateLimiter sendRateLimiter, InstantSource clock) {
        this.http = new ResendClient(settings, sendRateLimiter);
        this.sendRateLimiter = sendRateLimiter;
        this.clock = clock;
    }

    private record Kept(Answer answer, Instant since) {}

    @Override
    public Answer ask() {
        return ask(KEPT);
    }

    @Override
    public Answer askAgain() {
        return ask(KEPT_AT_LEAST);
    }

    /** A failed call is repeated soon, but not by every caller at once. */
    private synchronized Answer ask(Duration life) {
        Instant now = clock.instant();
        if (kept != null) {
            boolean failed = kept.answer() instanceof Answer.NotAsked;
            if (now.isBefore(kept.since().plus(failed ? KEPT_AT_LEAST : life))) {
                return kept.answer();
            }
        }
        Answer answer = list();
        kept = new Kept(answer, now);
        return answer;
    }

    private Answer list() {
        List<Domain> domains = new ArrayList<>();
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            Reply reply;
            try {
                sendRateLimiter.acquire();
                reply =
                        http.call(
                                http.request(http.url("/domains?limit=100" + after)).get(),
                                TIMEOUT);
            } catch (SendRateLimiter.NotYet e) {
                return new Answer.NotAsked(e.reason());
            }
            switch (reply) {
                case Reply.Success(byte[] body) -> {
                    ListDomainsResponse listed = read(body);
                    if (listed == null || listed.getData() == null) {
                        return new Answer.NotAsked("Resend's answer cannot be read");
                    }
                    listed.getData().forEach(it -> domains.add(domain(it)));
                    if (!Boolean.TRUE.equals(listed.hasMore()) || listed.getData().isEmpty()) {
                        return new Answer.Listed(domains);
                    }
                    after = "&after=" + listed.getData().getLast().getId();
                }
                case Reply.No(int status, Headers headers, byte[] body) -> {
                    return no(new ResendResponse(status, headers, body));
                }
                case Reply.Lost(String reason) -> {
                    return new Answer.NotAsked(reason);
                }
                case Reply.NotSent(Duration pause, String reason) -> {
                    return new Answer.NotAsked(reason);
                }
            }
        }
        return new Answer.NotAsked("Resend lists more than 2,000 domains");
    }

    /** The mapper of resend-java prints what it cannot read, and returns null. */
    private @Nullable ListDomainsResponse read(byte[] body) {
        return reader.readValue(
                new String(body, StandardCharsets.UTF_8), ListDomainsResponse.class);
    }

    private static Domain domain(DomainDTO listed) {
        String status = String.valueOf(listed.getStatus());
        return new Domain(
                String.valueOf(listed.getName()), status, listed.getRegion(), standing(status));
    }

    /**
     * @see <a href="https://resend.com/docs/dashboard/domains/introduction">Resend on the statuses
     *     of domains</a>
     */
    private static Standing standing(String status) {
        return switch (status) {
            case "verified" -> Standing.SENDS;
            // It was verified; Resend looks for the records for 72 hours before it gives up.
            case "temporary_failure", "partially_verified" -> Standing.SENDS_FOR_NOW;
            default -> Standing.DOES_NOT_SEND;
        };
    }

    private SenderDomains.Answer no(ResendResponse resendResponse) {
        if (resendResponse.outcome() instanceof BatchOutcome.Deferred(Duration pause, _)
                && resendResponse.tooFast()) {
            sendRateLimiter.hold(pause);
        }
        return new SenderDomains.Answer.NotAsked("Resend says " + resendResponse.reason());
    }

    @Override
    public void close() {
        http.close();
    }
}
