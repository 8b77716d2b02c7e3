package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.TestNode;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.SendWindow;
import io.mailgenius.jobs.campaigns.WarmUp;
import io.mailgenius.jobs.providers.BatchOutcome;
import io.mailgenius.schema.CampaignStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What chunks have reserved of the time is theirs, and is not reserved again after a pause. */
class PausedPaceTest {

    private static final int PEOPLE = 398;

    private final SendFixture sendFixture = new SendFixture();
    private @Nullable TestNode worker;

    @BeforeEach
    void tenInTheMorning() {
        Instant ten =
                sendFixture
                        .clock
                        .instant()
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate()
                        .plusDays(1)
                        .atTime(10, 0)
                        .toInstant(ZoneOffset.UTC);
        sendFixture.clock.advance(Duration.between(sendFixture.clock.instant(), ten));
    }

    @AfterEach
    void close() {
        sendFixture.close();
    }

    @Test
    void a_paused_rate_goes_on_where_it_was_and_does_not_move_its_end() {
        sendFixture.people(PEOPLE);
        long campaign = send(null, 60, null);
        worker = sendFixture.worker();
        awaitWaiting(campaign, PEOPLE / 2 - 1);
        Instant end = end(campaign);
        Duration usual = Duration.between(sendFixture.clock.instant(), end);
        assertThat(usual).isBetween(Duration.ofMinutes(6), Duration.ofMinutes(8));

        for (int pauses = 1; pauses <= 3; pauses++) {
            pause(campaign);
            assertThat(sendFixture.campaign(campaign).status()).isEqualTo(CampaignStatus.PAUSED);
            resume(campaign);
            awaitWaiting(campaign, PEOPLE / 2 - 1);
            assertThat(end(campaign)).as("after %d pauses", pauses).isEqualTo(end);
        }
        // It goes on in seconds, and so it says nothing of waiting.
        assertThat(sendFixture.campaign(campaign).waiting()).isNull();
        sendFixture.clock.advance(Duration.ofSeconds(3));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> SendFixture.PROVIDER.accepted().size() == 4);
    }

    @Test
    void a_worker_that_dies_has_reserved_nothing_that_its_successor_reserves_again()
            throws Exception {
        sendFixture.people(PEOPLE);
        FaultInjection faultInjection = FaultInjection.at(Side.AFTER, 20, "SET checkpoint");
        TestNode dying = sendFixture.worker(faultInjection);
        long campaign = send(null, 60, null);
        launchDue();
        faultInjection.await();
        sendFixture.leave(dying);
        Instant before = sendFixture.clock.instant();
        sendFixture.clock.advance(Duration.ofSeconds(3));
        worker = sendFixture.worker();
        awaitWaiting(campaign, PEOPLE / 2 - 2);
        // The second of them was let go meanwhile; nobody was told to come later for it.
        assertThat(Duration.between(before, end(campaign))).isLessThan(Duration.ofMinutes(8));
        assertThat(lineEnd(campaign)).isBetween(end(campaign), end(campaign).plusSeconds(5));
    }

    @Test
    void a_paused_warm_up_promises_each_day_once() {
        sendFixture.people(60);
        long campaign = send(null, null, new WarmUp(10, 1, null));
        worker = sendFixture.worker();
        awaitWaiting(campaign, 50);
        Instant end = end(campaign);
        assertThat(end).isEqualTo(midnights(5));
        for (int pauses = 1; pauses <= 3; pauses++) {
            pause(campaign);
            resume(campaign);
            awaitWaiting(campaign, 50);
            assertThat(end(campaign)).as("after %d pauses", pauses).isEqualTo(end);
        }
        assertThat(sendFixture.campaign(campaign).waiting())
                .endsWith("at %s.".formatted(midnights(1)));
    }

    @Test
    void a_day_of_which_the_provider_took_nothing_is_given_back() {
        sendFixture.people(4);
        long campaign = send(null, 100, new WarmUp(4, 2, null));
        SendFixture.PROVIDER.answer(
                _ -> new BatchOutcome.Halted("429 monthly_quota_exceeded: no more"));
        worker = sendFixture.worker();
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture.campaign(campaign).status() == CampaignStatus.PAUSED;
                        });
        awaitStopped(campaign);
        assertThat(pace(campaign, "day_taken")).isZero();
        assertThat(pace(campaign, "day_number")).isZero();

        // It is the keys of what was handed over that end after a day; nothing was.
        sendFixture.clock.advance(Duration.ofDays(3));
        SendFixture.PROVIDER.forget();
        resume(campaign);
        CampaignView ended =
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> {
                                    launchDue();
                                    sendFixture.clock.advance(Duration.ofSeconds(1));
                                    return sendFixture.campaign(campaign);
                                },
                                view -> view.status() != CampaignStatus.SENDING);
        assertThat(ended.counts().sent()).isEqualTo(4);
        assertThat(ended.counts().unknown()).isZero();
        assertThat(pace(campaign, "day_number")).isEqualTo(1);
        assertThat(pace(campaign, "day_taken")).isEqualTo(4);
    }

    @Test
    void who_is_outside_of_the_window_reserves_no_time_that_others_wait_for() {
        sendFixture.people(40);
        sendFixture
                .owner
                .sql("UPDATE contact SET time_zone = 'Asia/Tokyo' WHERE id <= 20")
                .update();
        // In Tokyo it is 19:00, and that many minutes later it is too late.
        SendWindow window =
                new SendWindow(LocalTime.of(8, 0), LocalTime.of(19, 3), null, "recipient");
        long campaign = send(window, 1, null);
        worker = sendFixture.worker();
        awaitWaiting(campaign, 39);
        pause(campaign);
        resume(campaign);
        awaitWaiting(campaign, 39);
        Instant now = sendFixture.clock.instant();
        // 20 of this zone, a little more than a minute each, and the first few of Tokyo.
        assertThat(
                        sendFixture
                                .owner
                                .sql(
                                        """
                                        SELECT max(ready_at) FROM chunk
                                         WHERE payload NOT LIKE '%Tokyo%' AND state = 'READY'
                                        """)
                                .query(java.time.OffsetDateTime.class)
                                .single()
                                .toInstant())
                .isBefore(now.plus(Duration.ofMinutes(30)));
    }

    private Instant midnights(int n) {
        return sendFixture
                .clock
                .instant()
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .plusDays(n)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
    }

    private long send(
            @Nullable SendWindow window, @Nullable Integer rate, @Nullable WarmUp warmUp) {
        SendFixture.PROVIDER.forget();
        return sendFixture.in(
                () -> {
                    CampaignLifecycle lifecycle = sendFixture.door(CampaignLifecycle.class);
                    long id =
                            sendFixture
                                    .door(CampaignDrafts.class)
                                    .create(
                                            new CampaignDraft(
                                                    "News",
                                                    "News",
                                                    "news@example.com",
                                                    null,
                                                    null,
                                                    null,
                                                    null,
                                                    "Hello {{ unsubscribe_url }}",
                                                    Audience.EVERYBODY,
                                                    null,
                                                    null,
                                                    null,
                                                    window,
                                                    rate,
                                                    warmUp,
                                                    null))
                                    .id();
                    return lifecycle.send(id).id();
                });
    }

    /** The scheduler of launches lives by the time of the day, and the clock is ahead of it. */
    private void launchDue() {
        sendFixture
                .owner
                .sql(
                        """
                        UPDATE scheduled_tasks SET execution_time = now()
                         WHERE execution_time > now() + interval '1 hour' AND NOT picked
                        """)
                .update();
    }

    private void pause(long campaign) {
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).pause(campaign));
    }

    private void resume(long campaign) {
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).resume(campaign));
    }

    /** All who are left have been told when to come. */
    private void awaitWaiting(long campaign, int chunks) {
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return count(campaign, "state = 'READY' AND ready_at > :now");
                        },
                        n -> n == chunks);
    }

    private void awaitStopped(long campaign) {
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture
                                    .owner
                                    .sql(
                                            """
                                                SELECT l.state FROM launch l JOIN campaign c ON c.launch_id = l.id
                                                 WHERE c.id = ?
                                                """)
                                    .param(campaign)
                                    .query(String.class)
                                    .single();
                        },
                        "STOPPED"::equals);
    }

    private int count(long campaign, String which) {
        return sendFixture
                .owner
                .sql(
                        """
                        SELECT count(*) FROM chunk JOIN launch l ON l.job_instance_id = chunk.job_instance_id
                          JOIN campaign c ON c.launch_id = l.id
                         WHERE c.id = :campaign AND chunk.                        """
                                + which)
                .param("campaign", campaign)
                .param("now", sendFixture.clock.instant().atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
    }

    /** When the last one has been told to come. */
    private Instant end(long campaign) {
        return sendFixture
                .owner
                .sql(
                        """
                        SELECT max(ready_at) FROM chunk JOIN launch l ON l.job_instance_id = chunk.job_instance_id
                          JOIN campaign c ON c.launch_id = l.id
                         WHERE c.id = ? AND chunk.state = 'READY'
                        """)
                .param(campaign)
                .query(java.time.OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private Instant lineEnd(long campaign) {
        return Objects.requireNonNull(
                sendFixture
                        .owner
                        .sql("SELECT line_at FROM campaign_pace WHERE campaign_id = ?")
                        .param(campaign)
                        .query((row, n) -> row.getObject(1, java.time.OffsetDateTime.class))
                        .single()
                        .toInstant());
    }

    private long pace(long campaign, String column) {
        return sendFixture
                .owner
                .sql("SELECT %s FROM campaign_pace WHERE campaign_id = ?".formatted(column))
                .param(campaign)
                .query(Long.class)
                .single();
    }
}
