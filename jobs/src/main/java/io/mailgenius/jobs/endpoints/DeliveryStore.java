package io.mailgenius.jobs.endpoints;

import io.mailgenius.jobs.endpoints.DeliveryView.AttemptView;
import io.mailgenius.jobs.endpoints.MessagePoster.Attempt;
import io.mailgenius.schema.DeliveryStatus;
import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables {@code endpoint_delivery} and {@code endpoint_attempt}. */
@Component
final class DeliveryStore {

    private final JdbcClient jdbc;

    DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message that is due.
     *
     * @param attempts all that there were
     * @param tries those since it was queued or replayed
     */
    record Message(long id, String messageId, String payload, int attempts, int tries) {}

    /**
     * @param retry null if it succeeded, or was the last attempt
     */
    record Done(Message message, Attempt attempt, @Nullable Duration retry) {}

    /**
     * The messages that are due and not in flight.
     *
     * @param ordered leaves out those with an earlier message about the same contact that is not
     *     delivered yet
     */
    List<Message> due(
            long endpoint, boolean ordered, Collection<Long> inFlight, Instant now, int most) {
        String inOrder =
                ordered
                        ? """
                          AND NOT EXISTS (SELECT FROM endpoint_delivery b
                                           WHERE b.workspace_id = d.workspace_id AND b.endpoint_id = d.endpoint_id
                                             AND b.contact_id = d.contact_id AND b.id < d.id
                                             AND b.status = 'PENDING')
                          """
                        : "";
        return jdbc.sql(
                        """
                        SELECT id, message_id, payload, attempts, tries FROM endpoint_delivery d
                         WHERE workspace_id = :workspace AND endpoint_id = :endpoint AND status = 'PENDING'
                           AND next_attempt_at <= :now AND id <> ALL (CAST(:flying AS bigint[]))
                           %s
                         ORDER BY next_attempt_at, id LIMIT :most
                        """
                                .formatted(inOrder))
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("flying", inFlight.toArray(Long[]::new))
                .param("most", most)
                .query(
                        (row, _) ->
                                new Message(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getInt(4),
                                        row.getInt(5)))
                .list();
    }

    /** Records attempts and what follows from them. */
    void record(List<Done> done) {
        jdbc.sql(
                        """
                        WITH done AS (
                            SELECT * FROM unnest(:ids, :numbers, CAST(:ats AS timestamptz[]), :millis, :statuses,
                                                 :answers, :errors, :states, CAST(:retries AS timestamptz[]))
                                AS t (id, number, at, millis, http_status, answer, error, status, retry)),
                        logged AS (
                            INSERT INTO endpoint_attempt (workspace_id, delivery_id, number, at, millis, http_status,
                                                          answer, error)
                            SELECT :workspace, id, number, at, millis, http_status, answer, error FROM done
                            ON CONFLICT DO NOTHING)
                        UPDATE endpoint_delivery d
                           SET attempts = done.number, tries = d.tries + 1, status = done.status,
                               next_attempt_at = coalesce(done.retry, d.next_attempt_at),
                               ended_at = CASE WHEN done.status <> 'PENDING' THEN done.at END
                          FROM done
                         WHERE d.workspace_id = :workspace AND d.id = done.id AND d.status = 'PENDING'
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("ids", done.stream().map(it -> it.message().id()).toArray(Long[]::new))
                .param(
                        "numbers",
                        done.stream()
                                .map(it -> it.message().attempts() + 1)
                                .toArray(Integer[]::new))
                .param("ats", texts(done, it -> it.attempt().at().toString()))
                .param(
                        "millis",
                        done.stream().map(it -> it.attempt().millis()).toArray(Integer[]::new))
                .param(
                        "statuses",
                        done.stream().map(it -> it.attempt().httpStatus()).toArray(Integer[]::new))
                .param("answers", texts(done, it -> it.attempt().answer()))
                .param("errors", texts(done, it -> it.attempt().error()))
                .param("states", texts(done, it -> status(it).name()))
                .param(
                        "retries",
                        texts(
                                done,
                                it ->
                                        it.retry() == null
                                                ? null
                                                : it.attempt().at().plus(it.retry()).toString()))
                .update();
    }

    private static DeliveryStatus status(Done done) {
        if (done.attempt().succeeded()) {
            return DeliveryStatus.DELIVERED;
        }
        return done.retry() == null ? DeliveryStatus.FAILED : DeliveryStatus.PENDING;
    }

    private static String[] texts(List<Done> done, Function<Done, @Nullable String> text) {
        return done.stream().map(text).toArray(String[]::new);
    }

    /** Queues a message for one endpoint, whatever it wants. */
    long test(long endpoint, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO endpoint_delivery (workspace_id, endpoint_id, message_id, type, payload,
                                                       created_at, next_attempt_at)
                        VALUES (:workspace, :endpoint, 'msg_' || replace(gen_random_uuid()::text, '-', ''),
                                'endpoint.test', endpoint_payload('endpoint.test', :now,
                                    jsonb_build_object('endpointId', CAST(:endpoint AS bigint))), :now, :now)
                        RETURNING id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** Tells the other endpoints that one was switched off. */
    void disabled(long endpoint, String url, String notice, Instant now) {
        jdbc.sql(
                        """
                        SELECT queue_deliveries(:workspace, 'endpoint.disabled',
                                   'msg_' || replace(gen_random_uuid()::text, '-', ''), :now,
                                   jsonb_build_object('endpointId', CAST(:endpoint AS bigint),
                                       'url', CAST(:url AS text), 'notice', CAST(:notice AS text)))
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("url", url)
                .param("notice", notice)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((_, _) -> true)
                .single();
    }

    /**
     * Begins another round for messages that are not pending, the oldest first.
     *
     * @return how many
     */
    int replay(long endpoint, Instant from, Instant to, boolean failed, Instant now, int most) {
        return jdbc.sql(
                        """
                        UPDATE endpoint_delivery d
                           SET status = 'PENDING', ended_at = NULL, tries = 0, next_attempt_at = :now
                          FROM (SELECT id FROM endpoint_delivery
                                 WHERE workspace_id = :workspace AND endpoint_id = :endpoint
                                   AND created_at >= :from AND created_at < :to
                                   AND (status = 'FAILED' OR status = 'DELIVERED' AND NOT :failed)
                                   AND (ended_at < :now)
                                 ORDER BY id LIMIT :most) again
                         WHERE d.workspace_id = :workspace AND d.id = again.id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to.atOffset(ZoneOffset.UTC))
                .param("failed", failed)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .update();
    }

    private static final String COLUMNS =
            "id, message_id, type, contact_id, payload, status, attempts, created_at, next_attempt_at, ended_at";

    /** The newest first. */
    List<DeliveryView> page(long endpoint, @Nullable DeliveryStatus status, long after, int rows) {
        return jdbc.sql(
                        "SELECT "
                                + COLUMNS
                                + """
                                 FROM endpoint_delivery
                                 WHERE workspace_id = :workspace AND endpoint_id = :endpoint
                                   AND (:after = 0 OR id < :after)
                                   AND (CAST(:status AS text) IS NULL OR status = CAST(:status AS text))
                                 ORDER BY id DESC LIMIT :rows
                                """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("after", after)
                .param("status", status == null ? null : status.name())
                .param("rows", rows)
                .query((row, _) -> view(row, List.of()))
                .list();
    }

    Optional<DeliveryView> find(long endpoint, long id) {
        List<AttemptView> log =
                jdbc.sql(
                                """
                                SELECT number, at, millis, http_status, answer, error FROM endpoint_attempt
                                 WHERE workspace_id = :workspace AND delivery_id = :id ORDER BY number
                                """)
                        .param("workspace", WorkspaceScope.required())
                        .param("id", id)
                        .query(
                                (row, _) ->
                                        new AttemptView(
                                                row.getInt(1),
                                                row.getObject(2, OffsetDateTime.class).toInstant(),
                                                row.getInt(3),
                                                row.getObject(4, Integer.class),
                                                row.getString(5),
                                                row.getString(6)))
                        .list();
        return jdbc.sql(
                        "SELECT "
                                + COLUMNS
                                + """
                                 FROM endpoint_delivery
                                 WHERE workspace_id = :workspace AND endpoint_id = :endpoint AND id = :id
                                """)
                .param("workspace", WorkspaceScope.required())
                .param("endpoint", endpoint)
                .param("id", id)
                .query((row, _) -> view(row, log))
                .optional();
    }

    private static DeliveryView view(ResultSet row, List<AttemptView> log) throws SQLException {
        DeliveryStatus status = DeliveryStatus.valueOf(row.getString("status"));
        return new DeliveryView(
                row.getLong("id"),
                row.getString("message_id"),
                row.getString("type"),
                row.getObject("contact_id", Long.class),
                row.getString("payload"),
                status,
                row.getInt("attempts"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                status == DeliveryStatus.PENDING
                        ? EndpointStore.instant(row, "next_attempt_at")
                        : null,
                EndpointStore.instant(row, "ended_at"),
                log);
    }

    /**
     * Deletes messages that ended before, or are older and of an endpoint that was switched off or
     * deleted, with their attempts.
     *
     * @return less than {@code most} if there are no more
     */
    int forget(Instant before, int most) {
        return jdbc.sql(
                        """
                        WITH gone AS (
                            DELETE FROM endpoint_delivery
                             WHERE workspace_id = :workspace AND id = ANY (ARRAY(
                                   SELECT d.id FROM endpoint_delivery d
                                    WHERE d.workspace_id = :workspace
                                      AND (d.ended_at < :before
                                           OR d.created_at < :before
                                              AND NOT EXISTS (SELECT FROM endpoint e
                                                               WHERE e.workspace_id = d.workspace_id
                                                                 AND e.id = d.endpoint_id AND e.status = 'ENABLED'))
                                    LIMIT :most))
                            RETURNING id),
                        unlogged AS (
                            DELETE FROM endpoint_attempt a USING gone
                             WHERE a.workspace_id = :workspace AND a.delivery_id = gone.id)
                        SELECT count(*) FROM gone
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .query(Integer.class)
                .single();
    }
}
