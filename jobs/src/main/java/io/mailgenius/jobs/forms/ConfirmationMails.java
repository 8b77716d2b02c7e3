package io.mailgenius.jobs.forms;

import io.mailgenius.jobs.contacts.Consents;
import io.mailgenius.jobs.forms.FormRequestStore.Due;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.FormRequestStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends confirmation mails, one batch per request under the request's own idempotency key. After a
 * crash between the send and its record, the next run repeats the same batch, which the provider
 * recognises by its key. A key that the provider may have expired is not repeated.
 */
final class ConfirmationMails {

    private static final int AT_ONCE = 100;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final FormRequestStore requests;
    private final FormStore forms;
    private final Consents consents;
    private final ConfirmationLetter letter;
    private final Outgoing outgoing;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /**
     * @param accounts the provider by the number of its account
     * @param recognised whether the provider still recognises a key that it first received at the
     *     given time
     * @param obstacle why the workspace may not send from an address; asked outside of transactions
     */
    record Outgoing(
            LongFunction<Provider> accounts,
            Predicate<Instant> recognised,
            Function<String, Optional<String>> obstacle) {}

    ConfirmationMails(
            FormRequestStore requests,
            FormStore forms,
            Consents consents,
            ConfirmationLetter letter,
            Outgoing outgoing,
            TransactionTemplate transaction,
            Clock clock) {
        this.requests = requests;
        this.forms = forms;
        this.consents = consents;
        this.letter = letter;
        this.outgoing = outgoing;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** Called periodically by one node at a time. */
    void sendDue() {
        Instant now = clock.instant();
        Instant forgotten = now.minus(FormRequests.KEPT);
        for (long workspace : requests.workspacesWithDue(now, forgotten)) {
            WorkspaceScope.run(workspace, () -> sendDue(now, forgotten));
        }
    }

    private void sendDue(Instant now, Instant forgotten) {
        List<Long> due =
                Objects.requireNonNull(
                        transaction.execute(
                                _ -> {
                                    List<String> unanswered = requests.forget(forgotten);
                                    if (!unanswered.isEmpty()) {
                                        consents.forget(unanswered);
                                    }
                                    return requests.due(now, AT_ONCE);
                                }));
        due.forEach(this::send);
    }

    private void send(long id) {
        Optional<Due> begun =
                Objects.requireNonNull(
                        transaction.execute(_ -> requests.begin(id, clock.instant())));
        if (begun.isEmpty()) {
            return;
        }
        Due due = begun.get();
        if (!outgoing.recognised().test(due.since())) {
            ended(
                    due,
                    FormRequestStatus.UNKNOWN,
                    "may have been sent; its idempotency key may have expired");
            return;
        }
        Mail mail;
        try {
            mail = written(due);
        } catch (Refusal e) {
            ended(due, FormRequestStatus.FAILED, String.valueOf(e.getMessage()));
            return;
        }
        Optional<String> obstacle = outgoing.obstacle().apply(mail.from());
        if (obstacle.isPresent()) {
            ended(due, FormRequestStatus.FAILED, obstacle.get());
            return;
        }
        Provider provider = outgoing.accounts().apply(due.account());
        switch (provider.send(new MailBatch("confirm-" + due.sendKey(), List.of(mail)))) {
            case BatchOutcome.Accepted _, BatchOutcome.AcceptedBefore _ ->
                    ended(due, FormRequestStatus.MAILED, null);
            case BatchOutcome.Refused(String reason) ->
                    ended(due, FormRequestStatus.FAILED, reason);
            case BatchOutcome.Deferred(Duration pause, String reason) ->
                    retry(due, pause, reason, due.maybeBefore());
            case BatchOutcome.Halted(String reason) ->
                    retry(due, LONGEST_PAUSE, reason, due.maybeBefore());
            case BatchOutcome.Unknown(String reason) -> retry(due, pause(due), reason, true);
        }
    }

    private Mail written(Due due) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ ->
                                letter.to(
                                        forms.find(due.formId())
                                                .orElseThrow(
                                                        () ->
                                                                new Refusal.NotFound(
                                                                        "form", due.formId())),
                                        due.email(),
                                        due.token(),
                                        due.contactId())));
    }

    private static Duration pause(Due due) {
        Duration doubled = Duration.ofSeconds(1L << Math.min(due.attempts(), 10));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void ended(Due due, FormRequestStatus status, @Nullable String reason) {
        transaction.executeWithoutResult(_ -> requests.ended(due.id(), status, reason));
    }

    /** An earlier attempt may have been sent although this one was not accepted. */
    private void retry(Due due, Duration pause, String reason, boolean taken) {
        transaction.executeWithoutResult(
                _ -> requests.retry(due.id(), clock.instant().plus(pause), reason, taken));
    }
}
