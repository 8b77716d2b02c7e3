package io.mailgenius.engine.alerts;

import static io.mailgenius.engine.alerts.Alerts.at;

import io.mailgenius.schema.AlertState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the evaluation reads and writes, of all workspaces. */
final class AlertStore {

    private final JdbcClient jdbc;

    /**
     * @param jdbc over the connections of the control plane
     */
    AlertStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those without an alert are of no interest once they are disabled. */
    List<AlertRule> rules() {
        return jdbc.sql(
                        """
                        SELECT r.* FROM alert_rule r
                         WHERE r.enabled OR EXISTS (SELECT FROM alert a
                                                     WHERE a.workspace_id = r.workspace_id AND a.rule_id = r.id
                                                       AND a.state <> 'RESOLVED')
                        """)
                .query(AlertRules::rule)
                .list();
    }

    List<Alert> unresolved() {
        return jdbc.sql("SELECT * FROM alert WHERE state <> 'RESOLVED'").query(Alert::of).list();
    }

    List<Silence> silences(Instant now) {
        return jdbc.sql("SELECT * FROM alert_silence WHERE starts_at <= :now AND ends_at > :now")
                .param("now", at(now))
                .query(Alerts::silence)
                .list();
    }

    /** Returns empty if another node was faster. */
    OptionalLong insert(Alert alert) {
        return jdbc.sql(
                        """
                        INSERT INTO alert (workspace_id, rule_id, kind, subject, message, value, threshold, state,
                                           breached_since, opened_at, notified)
                        VALUES (:workspace, :rule, :kind, :subject, :message, :value, :threshold, :state,
                                :since, :opened, :notified)
                        ON CONFLICT DO NOTHING
                        RETURNING id
                        """)
                .param("workspace", alert.workspaceId())
                .param("rule", alert.ruleId())
                .param("kind", alert.kind())
                .param("subject", alert.subject())
                .param("message", alert.message())
                .param("value", alert.value())
                .param("threshold", alert.threshold())
                .param("state", alert.state().name())
                .param("since", at(alert.breachedSince()))
                .param("opened", at(alert.openedAt()))
                .param("notified", alert.notified())
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /**
     * @param before the state that the evaluation saw
     * @param notified whether the evaluation saw that somebody was notified
     * @return false if somebody has changed the alert since: the next evaluation decides anew
     */
    boolean update(Alert alert, AlertState before, boolean notified) {
        return jdbc.sql(
                                """
                                UPDATE alert
                                   SET message = :message, value = :value, threshold = :threshold, state = :state,
                                       cleared_since = :cleared, opened_at = :opened, resolved_at = :resolved,
                                       notified = :notified
                                 WHERE workspace_id = :workspace AND id = :id AND state = :before
                                   AND notified = :wasNotified
                                """)
                        .param("message", alert.message())
                        .param("value", alert.value())
                        .param("threshold", alert.threshold())
                        .param("state", alert.state().name())
                        .param("cleared", at(alert.clearedSince()))
                        .param("opened", at(alert.openedAt()))
                        .param("resolved", at(alert.resolvedAt()))
                        .param("notified", alert.notified())
                        .param("workspace", alert.workspaceId())
                        .param("id", alert.id())
                        .param("before", before.name())
                        .param("wasNotified", notified)
                        .update()
                == 1;
    }

    void deletePending(Alert alert) {
        jdbc.sql(
                        """
                        DELETE FROM alert
                         WHERE workspace_id = :workspace AND id = :id AND state = 'PENDING'
                        """)
                .param("workspace", alert.workspaceId())
                .param("id", alert.id())
                .update();
    }

    /** In the transaction that changes the alert, so that each change is notified once. */
    void insertNotices(Alert alert, long id, AlertRule rule, String event, Instant now) {
        List<String[]> targets = new ArrayList<>();
        rule.emails().forEach(email -> targets.add(new String[] {"email", email}));
        if (rule.webhookUrl() != null) {
            targets.add(new String[] {"webhook", rule.webhookUrl()});
        }
        for (String[] target : targets) {
            jdbc.sql(
                            """
                            INSERT INTO alert_notice (workspace_id, alert_id, event, channel, target, due_at, created_at)
                            VALUES (:workspace, :alert, :event, :channel, :target, :now, :now)
                            ON CONFLICT DO NOTHING
                            """)
                    .param("workspace", alert.workspaceId())
                    .param("alert", id)
                    .param("event", event)
                    .param("channel", target[0])
                    .param("target", target[1])
                    .param("now", at(now))
                    .update();
        }
    }

    /**
     * A notice that somebody is to get.
     *
     * @param attempt from 1; the fence of its result
     */
    record DueNotice(
            AlertRule rule,
            Alert alert,
            long id,
            String event,
            String channel,
            String target,
            int attempt,
            Instant createdAt) {}

    /**
     * Takes notices that are due; they are due again at {@code again}, in case this node dies. That
     * an alert resolved is not sent to a target that has not been notified of its opening.
     */
    List<DueNotice> take(int limit, Instant now, Instant again) {
        return jdbc.sql(
                        """
                        WITH taken AS (
                            UPDATE alert_notice n SET attempts = n.attempts + 1, due_at = :again
                              FROM (SELECT d.workspace_id, d.id FROM alert_notice d
                                     WHERE d.state = 'DUE' AND d.due_at <= :now
                                       AND NOT (d.event = 'RESOLVED' AND EXISTS (
                                                SELECT FROM alert_notice o
                                                 WHERE o.workspace_id = d.workspace_id AND o.alert_id = d.alert_id
                                                   AND o.event = 'OPENED' AND o.channel = d.channel
                                                   AND o.target = d.target AND o.state = 'DUE'))
                                     ORDER BY d.due_at LIMIT :limit FOR UPDATE SKIP LOCKED) AS due
                             WHERE n.workspace_id = due.workspace_id AND n.id = due.id
                            RETURNING n.*)
                        SELECT a.*, t.id AS notice_id, t.event, t.channel, t.target, t.attempts,
                               t.created_at AS noticed_at, r.id AS id_of_rule, r.name, r.duration_seconds, r.enabled,
                               r.emails, r.webhook_url, r.webhook_key, r.webhook_secret
                          FROM taken t
                          JOIN alert a ON a.workspace_id = t.workspace_id AND a.id = t.alert_id
                          JOIN alert_rule r ON r.workspace_id = a.workspace_id AND r.id = a.rule_id
                        """)
                .param("again", at(again))
                .param("now", at(now))
                .param("limit", limit)
                .query(
                        (row, n) -> {
                            Alert alert = Alert.of(row, n);
                            AlertRule mixed = AlertRules.rule(row, n);
                            AlertRule rule =
                                    new AlertRule(
                                            alert.workspaceId(),
                                            row.getLong("id_of_rule"),
                                            mixed.name(),
                                            mixed.kind(),
                                            alert.threshold(),
                                            mixed.durationSeconds(),
                                            mixed.enabled(),
                                            mixed.emails(),
                                            mixed.webhookUrl(),
                                            mixed.webhookKey(),
                                            mixed.webhookSecret());
                            return new DueNotice(
                                    rule,
                                    alert,
                                    row.getLong("notice_id"),
                                    row.getString("event"),
                                    row.getString("channel"),
                                    row.getString("target"),
                                    row.getInt("attempts"),
                                    row.getObject("noticed_at", OffsetDateTime.class).toInstant());
                        })
                .list();
    }

    /**
     * Stores the result of an attempt, unless a later one has begun.
     *
     * @param again null if there is no further attempt
     */
    void record(DueNotice notice, String state, @Nullable String error, @Nullable Instant again) {
        jdbc.sql(
                        """
                        UPDATE alert_notice
                           SET state = :state, error = :error, due_at = coalesce(:again, due_at)
                         WHERE workspace_id = :workspace AND id = :id AND state = 'DUE' AND attempts = :attempt
                        """)
                .param("state", state)
                .param("error", error)
                .param("again", at(again))
                .param("workspace", notice.alert().workspaceId())
                .param("id", notice.id())
                .param("attempt", notice.attempt())
                .update();
    }

    void forget(Instant before) {
        jdbc.sql("DELETE FROM alert WHERE state = 'RESOLVED' AND resolved_at < :before")
                .param("before", at(before))
                .update();
        jdbc.sql("DELETE FROM alert_silence WHERE ends_at < :before")
                .param("before", at(before))
                .update();
    }
}
