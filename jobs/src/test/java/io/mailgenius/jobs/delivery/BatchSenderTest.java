package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.worker.Deferred;
import io.mailgenius.jobs.campaigns.Reservation;
import io.mailgenius.jobs.delivery.BatchSender.Halted;
import io.mailgenius.jobs.delivery.BatchSender.Letter;
import io.mailgenius.jobs.delivery.SendCheckpoint.Splitting;
import io.mailgenius.jobs.delivery.SendCheckpoint.Started;
import io.mailgenius.jobs.delivery.SendStore.Send;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.jobs.providers.Mail;
import io.mailgenius.jobs.providers.MailBatch;
import io.mailgenius.jobs.providers.Provider;
import io.mailgenius.schema.SendStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchSenderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final List<MailBatch> calls = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final RefusalStreak streak = new RefusalStreak();

    @Test
    void every_mail_gets_the_provider_id_of_its_place() {
        List<Send> sends = post(NOW, 250, BatchSenderTest::accepted);
        assertThat(calls).extracting(batch -> batch.mails().size()).containsExactly(100, 100, 50);
        assertThat(sends)
                .hasSize(250)
                .allSatisfy(
                        send ->
                                assertThat(send.providerId())
                                        .isEqualTo("id of " + send.contactId()));
    }

    @Test
    void a_letter_that_cannot_be_written_fails_alone_and_moves_no_other_to_another_batch() {
        List<Letter> whole = letters(150);
        List<Letter> torn = new ArrayList<>(whole);
        torn.set(20, new Letter(20, null, "no such filter"));

        List<Send> sends = post(NOW, torn, BatchSenderTest::accepted);

        assertThat(sends).filteredOn(send -> send.status() == SendStatus.FAILED).hasSize(1);
        assertThat(calls).extracting(batch -> batch.mails().size()).containsExactly(99, 50);
        List<String> keys = calls.stream().map(MailBatch::idempotencyKey).toList();
        calls.clear();
        post(NOW, whole, BatchSenderTest::accepted);
        assertThat(calls).extracting(MailBatch::idempotencyKey).isEqualTo(keys);
    }

    @Test
    void a_lost_answer_is_asked_for_again_under_the_same_key() {
        List<Send> sends =
                post(
                        NOW,
                        3,
                        batch ->
                                calls.size() < 3
                                        ? new BatchOutcome.Unknown("cut")
                                        : accepted(batch));
        assertThat(calls).hasSize(3).extracting(MailBatch::idempotencyKey).containsOnly("key-0");
        assertThat(sends).extracting(Send::status).containsOnly(SendStatus.SENT);
    }

    @Test
    void what_an_earlier_call_had_accepted_is_sent_although_its_ids_are_not_known() {
        List<Send> sends = post(NOW, 2, batch -> new BatchOutcome.AcceptedBefore());
        assertThat(sends).extracting(Send::status).containsOnly(SendStatus.SENT);
        assertThat(sends).extracting(Send::providerId).containsOnlyNulls();
    }

    @Test
    void one_bad_recipient_costs_the_other_ninety_nine_nothing() {
        List<Send> sends =
                post(
                        NOW,
                        100,
                        batch ->
                                batch.mails().stream().anyMatch(m -> m.to().startsWith("42@"))
                                        ? new BatchOutcome.Refused("bad address")
                                        : accepted(batch));
        assertThat(sends).hasSize(100);
        assertThat(sends)
                .filteredOn(send -> send.status() == SendStatus.FAILED)
                .singleElement()
                .satisfies(send -> assertThat(send.contactId()).isEqualTo(42));
    }

    @Test
    void a_batch_that_was_refused_once_is_not_offered_as_a_whole_after_a_crash() {
        Set<String> keptBy = new HashSet<>();
        assertThatThrownBy(
                        () ->
                                post(
                                        NOW,
                                        100,
                                        batch -> {
                                            if (batch.idempotencyKey().equals("key-0")) {
                                                return new BatchOutcome.Refused("a whim");
                                            }
                                            keptBy.addAll(refused);
                                            throw new IllegalStateException("the worker dies");
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(keptBy).containsExactly("key-0");
        calls.clear();

        List<Send> sends = post(NOW, 100, BatchSenderTest::accepted);

        assertThat(calls).extracting(MailBatch::idempotencyKey).containsExactly("key-0a", "key-0b");
        assertThat(sends).hasSize(100).extracting(Send::status).containsOnly(SendStatus.SENT);
    }

    @Test
    void who_is_deleted_between_two_attempts_moves_nobody_into_the_other_half() {
        refused.add("key-0");
        List<Letter> torn = new ArrayList<>(letters(10));
        torn.set(2, new Letter(2, null, "contact was deleted while it was mailed"));

        post(NOW, torn, BatchSenderTest::accepted);

        assertThat(calls).extracting(batch -> batch.mails().size()).containsExactly(4, 5);
    }

    @Test
    void once_the_provider_has_forgotten_the_key_nothing_is_sent_blindly() {
        Instant planned = NOW.minus(Duration.ofHours(23)).minusSeconds(1);
        List<Send> sends = post(planned, 3, BatchSenderTest::accepted);
        assertThat(calls).isEmpty();
        assertThat(sends).hasSize(3).extracting(Send::status).containsOnly(SendStatus.UNKNOWN);
    }

    @Test
    void a_long_pause_hands_the_chunk_back_and_a_wrong_account_halts_the_campaign() {
        assertThatThrownBy(
                        () ->
                                post(
                                        NOW,
                                        1,
                                        batch ->
                                                new BatchOutcome.Deferred(
                                                        Duration.ofMinutes(1), "quota")))
                .isInstanceOf(Deferred.class);
        assertThatThrownBy(() -> post(NOW, 1, batch -> new BatchOutcome.Halted("no account")))
                .isInstanceOf(Halted.class);
    }

    @Test
    void when_everybody_is_refused_for_one_reason_a_few_mails_of_both_ends_tell() {
        assertThatThrownBy(
                        () -> post(NOW, 1_000, batch -> new BatchOutcome.Refused("422: bad from")))
                .isInstanceOfSatisfying(
                        Halted.class,
                        halted -> {
                            assertThat(halted.refusesAll()).isTrue();
                            assertThat(halted.nothingTaken()).isTrue();
                        })
                .hasMessageContaining("422: bad from");
        assertThat(calls).hasSizeLessThan(25);
        assertThat(
                        calls.stream()
                                .filter(batch -> batch.mails().size() == 1)
                                .map(batch -> batch.mails().getFirst().to()))
                .contains("0@example.org", "99@example.org");
    }

    @Test
    void bad_ones_in_a_row_are_no_reason_to_stop_if_others_are_accepted() {
        List<Send> sends =
                post(
                        NOW,
                        300,
                        batch ->
                                batch.mails().stream()
                                                .anyMatch(m -> m.to().matches("[12]?[0-8]@.*"))
                                        ? new BatchOutcome.Refused("bad address")
                                        : accepted(batch));
        assertThat(sends).filteredOn(send -> send.status() == SendStatus.FAILED).hasSize(27);
        assertThat(sends)
                .extracting(Send::contactId)
                .containsExactlyElementsOf(LongStream.range(0, 300).boxed().toList());
    }

    @Test
    void what_was_perhaps_taken_before_is_not_taken_for_untouched() {
        assertThatThrownBy(
                        () ->
                                post(
                                        NOW,
                                        200,
                                        batch ->
                                                batch.idempotencyKey().equals("key-0")
                                                        ? accepted(batch)
                                                        : new BatchOutcome.Halted("quota")))
                .isInstanceOfSatisfying(
                        Halted.class, halted -> assertThat(halted.nothingTaken()).isFalse());
    }

    private List<Send> post(Instant since, int count, Function<MailBatch, BatchOutcome> provider) {
        return post(since, letters(count), provider);
    }

    private List<Send> post(
            Instant since, List<Letter> letters, Function<MailBatch, BatchOutcome> provider) {
        Provider recording =
                new Provider() {
                    @Override
                    public BatchOutcome send(MailBatch batch) {
                        calls.add(batch);
                        return provider.apply(batch);
                    }

                    @Override
                    public Duration keyLife() {
                        return Duration.ofHours(24);
                    }
                };
        BatchSender batchSender =
                new BatchSender(
                        recording,
                        new BatchSender.Chunk() {
                            @Override
                            public void requireHeld() {}

                            @Override
                            public void store(Started checkpoint) {
                                refused.addAll(checkpoint.refused());
                            }
                        },
                        "key",
                        new Splitting(since, Map.of(), Reservation.NONE, 0, refused),
                        false,
                        streak,
                        Clock.fixed(NOW, ZoneOffset.UTC));
        batchSender.post(letters.iterator());
        return batchSender.sends();
    }

    private static BatchOutcome accepted(MailBatch batch) {
        return new BatchOutcome.Accepted(
                batch.mails().stream()
                        .map(mail -> "id of " + mail.to().substring(0, mail.to().indexOf('@')))
                        .toList());
    }

    private static List<Letter> letters(int count) {
        return LongStream.range(0, count)
                .mapToObj(
                        id ->
                                new Letter(
                                        id,
                                        new Mail(
                                                "a@example.org",
                                                id + "@example.org",
                                                "s",
                                                "h",
                                                null,
                                                null,
                                                Map.of(),
                                                Map.of()),
                                        null))
                .toList();
    }
}
