package io.mailgenius.jobs.delivery;

import io.mailgenius.engine.operations.Repetition;
import io.mailgenius.engine.operations.RestartEffects;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Tells operators of jobs which mails a restart may send again. */
@Component
class RepeatedMails implements RestartEffects {

    private final Deliveries deliveries;

    RepeatedMails(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public List<Repetition> of(long jobInstanceId) {
        RepeatForecast mails = deliveries.repeats(jobInstanceId);
        return Stream.of(
                        new Repetition("recognised", mails.recognised(), false),
                        new Repetition("unknown", mails.unknown(), true),
                        new Repetition("mayGoAgain", mails.mayGoAgain(), true))
                .filter(it -> it.count() > 0)
                .toList();
    }
}
