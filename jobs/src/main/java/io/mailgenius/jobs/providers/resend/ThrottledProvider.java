package io.mailgenius.jobs.providers.resend;

import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import java.time.Duration;

/** Lets no batch through before its turn; one whose turn is far is put off. */
public final class ThrottledProvider implements Provider, AutoCloseable {

    private final ResendProvider provider;
    private final SendRateLimiter sendRateLimiter;

    public ThrottledProvider(ResendProvider provider, RequestRate rate) {
        this(provider, new SendRateLimiter(rate));
    }

    ThrottledProvider(ResendProvider provider, SendRateLimiter sendRateLimiter) {
        this.provider = provider;
        this.sendRateLimiter = sendRateLimiter;
    }

    @Override
    public BatchOutcome send(MailBatch batch) {
        try {
            sendRateLimiter.turn();
        } catch (SendRateLimiter.NotYet e) {
            return new BatchOutcome.Deferred(e.pause(), e.reason());
        }
        return provider.send(batch);
    }

    @Override
    public Duration keyLife() {
        return provider.keyLife();
    }

    /** And the provider with it; the rate is somebody else's. */
    @Override
    public void close() {
        provider.close();
    }
}
