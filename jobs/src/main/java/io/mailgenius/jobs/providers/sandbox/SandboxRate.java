package io.mailgenius.jobs.providers.sandbox;

import com.sun.net.httpserver.Headers;
import java.time.Clock;
import java.util.Locale;

/** Counts requests per second, and adds the headers that Resend sends. */
final class SandboxRate {

    private final int perSecond;
    private final Clock clock;
    private long second;
    private int seen;

    SandboxRate(int perSecond, Clock clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    synchronized void count(Headers answer) {
        if (perSecond == 0) {
            return;
        }
        long now = clock.millis() / 1000;
        if (now != second) {
            second = now;
            seen = 0;
        }
        seen++;
        answer.set("ratelimit-limit", String.valueOf(perSecond));
        answer.set("ratelimit-remaining", String.valueOf(Math.max(0, perSecond - seen)));
        answer.set("ratelimit-reset", "1");
        if (seen > perSecond) {
            answer.set("retry-after", "1");
            throw new SandboxError(
                    429,
                    "rate_limit_exceeded",
                    String.format(
                            Locale.ROOT,
                            "Too many requests. The limit is %d per second.",
                            perSecond));
        }
    }
}
