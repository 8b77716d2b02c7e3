package io.mailgenius.jobs.providers;

import io.mailgenius.engine.observation.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures and traces the requests to a provider. */
public final class ObservedProvider implements Provider {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final Provider provider;
    private final MeterRegistry meters;
    private final Traces traces;

    public ObservedProvider(Provider provider, MeterRegistry meters, Traces traces) {
        this.provider = provider;
        this.meters = meters;
        this.traces = traces;
    }

    @Override
    public BatchOutcome send(MailBatch batch) {
        long begun = System.nanoTime();
        Map<String, String> attributes =
                traces.enabled() ? Map.of("mailgenius.mails", batch.mails().size() + "") : Map.of();
        try (Traces.Traced span = traces.begin("provider send", attributes)) {
            BatchOutcome outcome = provider.send(batch);
            String word = word(outcome);
            span.attribute("mailgenius.outcome", word);
            Timer.builder("mailgenius.provider.requests")
                    .description("Batches handed to the provider, with the wait for its rate")
                    .tag("outcome", word)
                    .serviceLevelObjectives(BUCKETS)
                    .register(meters)
                    .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            return outcome;
        }
    }

    private static String word(BatchOutcome outcome) {
        return switch (outcome) {
            case BatchOutcome.Accepted _ -> "accepted";
            case BatchOutcome.AcceptedBefore _ -> "accepted-before";
            case BatchOutcome.Deferred _ -> "deferred";
            case BatchOutcome.Refused _ -> "refused";
            case BatchOutcome.Halted _ -> "halted";
            case BatchOutcome.Unknown _ -> "unknown";
        };
    }

    @Override
    public Duration keyLife() {
        return provider.keyLife();
    }
}
