package io.mailgenius.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.FaultInjection;
import io.mailgenius.engine.FaultInjection.Side;
import io.mailgenius.engine.TestNode;
import io.mailgenius.jobs.campaigns.Audience;
import io.mailgenius.jobs.campaigns.CampaignDraft;
import io.mailgenius.jobs.campaigns.CampaignDrafts;
import io.mailgenius.jobs.campaigns.CampaignLifecycle;
import io.mailgenius.jobs.campaigns.CampaignView;
import io.mailgenius.jobs.campaigns.Schedule;
import io.mailgenius.jobs.campaigns.SendWindow;
import io.mailgenius.jobs.campaigns.WarmUp;
import io.mailgenius.jobs.contacts.Lists;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.schema.CampaignStatus;
import io.mailgenius.schema.Priority;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Nobody gets a mail before its time, and everybody gets it in the end. */
class TimingTest {

    private static SendFixture sendFixture;
    private @Nullable TestNode worker;

    @BeforeAll
    static void open() {
        sendFixture = new SendFixture();
        sendFixture.people(40);
        zone("Asia/Tokyo", 1, 5);
        zone("Europe/Berlin", 2);
        zone("Middle/Earth", 3);
    }

    private static void zone(String zone, long... contacts) {
        sendFixture
                .owner
                .sql("UPDATE contact SET time_zone = :zone WHERE id = ANY (:ids)")
                .param("zone", zone)
                .param("ids", contacts)
                .update();
    }

    @AfterAll
    static void close() {
        sendFixture.close();
    }

    @BeforeEach
    void tenInTheMorning() {
        SendFixture.PROVIDER.forget();
        sendFixture.clock.advance(Duration.between(sendFixture.clock.instant(), tomorrow(10)));
    }

    @AfterEach
    void leave() {
        if (worker != null) {
            sendFixture.leave(worker);
            worker = null;
        }
    }

    private static Instant tomorrow(int hour) {
        return today().plusDays(1).atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }

    private static LocalDate today() {
        return sendFixture.clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    @Test
    void everybody_gets_it_when_it_is_nine_where_they_are() {
        String nine = today().plusDays(2).atTime(9, 0).toString();
        long campaign = draft(5, null, null, null);
        CampaignView scheduled = schedule(campaign, new Schedule(nine, "Europe/Berlin", true));
        Instant tokyo = at(nine, "Asia/Tokyo");
        Instant berlin = at(nine, "Europe/Berlin");
        assertThat(scheduled.scheduledAt()).isEqualTo(tokyo);
        sendFixture.clock.advance(Duration.between(sendFixture.clock.instant(), tokyo));
        launchDue();
        worker = sendFixture.worker();

        await().atMost(Duration.ofSeconds(60)).until(() -> waiting(campaign) == 1);
        assertThat(SendFixture.PROVIDER.accepted())
                .containsExactlyInAnyOrder("1@example.org", "5@example.org");
        assertThat(sendFixture.campaign(campaign).waiting())
                .isEqualTo(
                        "It is not yet time for those who are left: it goes on at %s."
                                .formatted(berlin));

        // Whom a pause holds still waits for the time.
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).pause(campaign));
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).resume(campaign));
        await().until(() -> waiting(campaign) == 1);
        sendFixture.clock.advance(Duration.between(sendFixture.clock.instant(), berlin));
        CampaignView ended = ended(campaign);
        assertThat(ended.status()).isEqualTo(CampaignStatus.SENT);
        assertThat(ended.counts().sent()).isEqualTo(5);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(5).doesNotHaveDuplicates();
    }

    private static Instant at(String local, String zone) {
        return java.time.LocalDateTime.parse(local).atZone(ZoneId.of(zone)).toInstant();
    }

    @Test
    void a_local_time_that_is_past_in_some_zone_is_refused() {
        long campaign = draft(5, null, null, null);
        String inTokyoPast = today().atTime(18, 0).toString();
        assertThatThrownBy(() -> schedule(campaign, new Schedule(inTokyoPast, "UTC", true)))
                .isInstanceOf(Refusal.Invalid.class)
                .hasMessageContaining("name a later time");
        assertThat(sendFixture.campaign(campaign).status()).isEqualTo(CampaignStatus.DRAFT);
        assertThat(schedule(campaign, new Schedule(inTokyoPast, "UTC", null)).status())
                .isEqualTo(CampaignStatus.SCHEDULED);
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).cancel(campaign));
    }

    @Test
    void an_enumeration_that_is_restarted_forgets_nobody_and_repeats_nobody() {
        Schedule schedule = new Schedule("2030-01-31T09:00", "Europe/Berlin", true);
        ExecutionContext context = new ExecutionContext();
        AudienceReader first = reader(schedule, context);
        List<Recipients> all = new ArrayList<>();
        all.add(next(first));
        first.update(context);

        // Who is in a chunk that was not written yet moves to the zone of the one that was.
        zone("Asia/Tokyo", 2, 3);
        AudienceReader second = reader(schedule, context);
        for (Recipients chunk = next(second); chunk != null; chunk = next(second)) {
            all.add(chunk);
            second.update(context);
        }
        zone("Europe/Berlin", 2);
        zone("Middle/Earth", 3);
        assertThat(all.stream().flatMap(chunk -> Arrays.stream(chunk.contacts()).boxed()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 40).boxed().toList());
        assertThat(all.getFirst().contacts()).containsExactly(1, 5);
        assertThat(all)
                .extracting(Recipients::notBefore)
                .containsOnly(
                        Instant.parse("2030-01-31T00:00:00Z"),
                        Instant.parse("2030-01-31T08:00:00Z"));
        assertThat(all).allMatch(chunk -> chunk.contacts().length <= 3);
        assertThat(context.containsKey("audience.pending")).isFalse();
    }

    private static AudienceReader reader(Schedule schedule, ExecutionContext context) {
        AudienceReader reader =
                new AudienceReader(
                        sendFixture.door(JdbcClient.class),
                        sendFixture.door(JsonMapper.class),
                        _ -> {},
                        0,
                        Audience.EVERYBODY,
                        null,
                        new ChunkSizing(3, schedule, false, null),
                        new AudienceReader.ContactRange(1, 1_000_000));
        reader.open(context);
        return reader;
    }

    private static @Nullable Recipients next(AudienceReader reader) {
        TransactionTemplate transaction = sendFixture.door(TransactionTemplate.class);
        return sendFixture.in(() -> transaction.execute(_ -> reader.read()));
    }

    @Test
    void outside_of_its_window_nothing_goes_out_and_no_plan_is_made() {
        SendWindow window = new SendWindow(LocalTime.of(12, 0), LocalTime.of(13, 0), null, "UTC");
        long campaign = send(draft(3, window, null, null));
        worker = sendFixture.worker();
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting(campaign) == 1);
        Instant noon = today().atTime(12, 0).toInstant(ZoneOffset.UTC);
        assertThat(sendFixture.campaign(campaign).waiting())
                .isEqualTo("Outside of its window: it goes on at %s.".formatted(noon));
        assertThat(SendFixture.PROVIDER.keys()).isEmpty();
        assertThat(checkpoints(campaign)).isZero();

        sendFixture.clock.advance(Duration.ofHours(2));
        assertThat(ended(campaign).counts().sent()).isEqualTo(3);
    }

    @Test
    void its_rate_is_kept_and_who_waits_comes_once() {
        long campaign = send(draft(3, null, 2, null));
        worker = sendFixture.worker();
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting(campaign) == 2);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(1);
        assertThat(sendFixture.campaign(campaign).waiting())
                .startsWith("It keeps to 2 mails a minute");
        sendFixture.clock.advance(Duration.ofSeconds(33));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> waiting(campaign) == 1 && SendFixture.PROVIDER.accepted().size() == 2);
        sendFixture.clock.advance(Duration.ofSeconds(33));
        assertThat(ended(campaign).counts().sent()).isEqualTo(3);
        assertThat(
                        sendFixture
                                .owner
                                .sql("SELECT max(attempt) FROM chunk WHERE job_instance_id = ?")
                                .param(instance(campaign))
                                .query(Integer.class)
                                .single())
                .isEqualTo(2);
    }

    @Test
    void a_warm_up_grows_from_day_to_day_and_a_worker_that_dies_does_not_take_twice()
            throws Exception {
        FaultInjection faultInjection = FaultInjection.at(Side.AFTER, "SET checkpoint");
        TestNode dying = sendFixture.worker(faultInjection);
        long campaign = send(draft(7, null, null, new WarmUp(2, 2, null)));
        faultInjection.await();
        sendFixture.leave(dying);
        sendFixture.clock.advance(Duration.ofSeconds(3));
        worker = sendFixture.worker();
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting(campaign) == 5);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(2);
        assertThat(sendFixture.campaign(campaign).waiting())
                .isEqualTo(
                        "Day 1 of its warm-up has had its mails: it goes on at %s."
                                .formatted(tomorrow(0)));

        sendFixture.clock.advance(Duration.ofDays(1));
        await().atMost(Duration.ofSeconds(60)).until(() -> waiting(campaign) == 1);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(6);
        sendFixture.clock.advance(Duration.ofDays(1));
        assertThat(ended(campaign).counts().sent()).isEqualTo(7);
        assertThat(SendFixture.PROVIDER.accepted()).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void its_priority_is_that_of_its_job() {
        long campaign = draft(1, null, 5, null);
        assertThat(sendFixture.campaign(campaign).timing().priority()).isEqualTo(Priority.LOW);
        send(campaign);
        assertThat(
                        sendFixture
                                .owner
                                .sql(
                                        "SELECT priority FROM launch WHERE job_name = 'campaign' AND job_key = ?")
                                .param(Long.toString(campaign))
                                .query(String.class)
                                .single())
                .isEqualTo("LOW");
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).cancel(campaign));
    }

    /** Which changes its launch and then the campaign. */
    @Test
    void a_cancel_waits_for_a_job_that_comes_to_its_end_and_it_not_for_the_cancel()
            throws Exception {
        long campaign = draft(1, null, 5, null);
        send(campaign);
        try (Connection job = sendFixture.database.owner().getConnection();
                Statement statement = job.createStatement()) {
            job.setAutoCommit(false);
            statement.execute(
                    "UPDATE launch SET error = error WHERE job_name = 'campaign' AND job_key = '%d'"
                            .formatted(campaign));
            Thread cancel =
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            sendFixture.in(
                                                    () ->
                                                            sendFixture
                                                                    .door(CampaignLifecycle.class)
                                                                    .cancel(campaign)));
            await().until(TimingTest::somebodyWaitsForARow);
            statement.execute(
                    "UPDATE campaign SET problem = problem WHERE id = %d".formatted(campaign));
            job.commit();
            cancel.join();
        }
        assertThat(sendFixture.campaign(campaign).status()).isEqualTo(CampaignStatus.CANCELLED);
    }

    private static boolean somebodyWaitsForARow() {
        return sendFixture
                .owner
                .sql(
                        """
                        SELECT count(*) > 0 AS waits FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """)
                .query((row, n) -> row.getBoolean("waits"))
                .single();
    }

    private static long draft(
            int people,
            @Nullable SendWindow window,
            @Nullable Integer rate,
            @Nullable WarmUp warmUp) {
        return sendFixture.in(
                () -> {
                    Lists lists = sendFixture.door(Lists.class);
                    long list = lists.create("List " + System.nanoTime()).id();
                    lists.add(list, LongStream.rangeClosed(1, people).boxed().toList());
                    return sendFixture
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
                                            new Audience(null, list, null, null),
                                            null,
                                            null,
                                            null,
                                            window,
                                            rate,
                                            warmUp,
                                            Priority.LOW))
                            .id();
                });
    }

    private static long send(long campaign) {
        sendFixture.in(() -> sendFixture.door(CampaignLifecycle.class).send(campaign));
        launchDue();
        return campaign;
    }

    /** What rests is taken up again when its time has come by the clock of this test. */
    private static CampaignView ended(long campaign) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            launchDue();
                            return sendFixture.campaign(campaign);
                        },
                        view -> view.status() != CampaignStatus.SENDING);
    }

    /** The scheduler of launches lives by the time of the day, and the clock is ahead of it. */
    private static void launchDue() {
        sendFixture
                .owner
                .sql(
                        """
                        UPDATE scheduled_tasks SET execution_time = now()
                         WHERE execution_time > now() + interval '1 hour' AND NOT picked
                        """)
                .update();
    }

    private static CampaignView schedule(long campaign, Schedule schedule) {
        return sendFixture.in(
                () -> sendFixture.door(CampaignLifecycle.class).schedule(campaign, schedule));
    }

    /** Chunks that wait for a time to come; none while one is in hand or could be. */
    private static long waiting(long campaign) {
        return sendFixture
                .owner
                .sql(
                        """
                        SELECT CASE WHEN bool_and(c.state = 'READY' AND c.ready_at > :now::timestamptz)
                                    THEN count(*) ELSE 0 END
                          FROM chunk c JOIN launch l ON l.job_instance_id = c.job_instance_id
                         WHERE l.job_name = 'campaign' AND l.job_key = :campaign AND c.state <> 'DONE'
                        """)
                .param("now", sendFixture.clock.instant().toString())
                .param("campaign", Long.toString(campaign))
                .query(Long.class)
                .single();
    }

    private static long instance(long campaign) {
        return sendFixture
                .owner
                .sql(
                        "SELECT job_instance_id FROM launch WHERE job_name = 'campaign' AND job_key = ?")
                .param(Long.toString(campaign))
                .query(Long.class)
                .single();
    }

    private static long checkpoints(long campaign) {
        return sendFixture
                .owner
                .sql("SELECT count(checkpoint) FROM chunk WHERE job_instance_id = ?")
                .param(instance(campaign))
                .query(Long.class)
                .single();
    }
}
