package io.mailgenius.jobs.delivery.resend;

import io.mailgenius.jobs.delivery.Batch;
import io.mailgenius.jobs.delivery.Outcome;
import io.mailgenius.jobs.delivery.Provider;
import java.time.Duration;

/** Lets no batch through before its turn; one whose turn is far is put off. */
public final class ThrottledProvider implements Provider, AutoCloseable {

    private final ResendProvider provider;
    private final Gate gate;

    public ThrottledProvider(ResendProvider provider, Rate rate) {
        this(provider, new Gate(rate));
    }

    ThrottledProvider(ResendProvider provider, Gate gate) {
        this.provider = provider;
        this.gate = gate;
    }

    @Override
    public Outcome send(Batch batch) {
        try {
            gate.turn();
        } catch (Gate.NotYet e) {
            return new Outcome.Deferred(e.pause(), e.reason());
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
