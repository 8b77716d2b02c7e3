package io.mailgenius.engine.alerts;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The rules of the current workspace. Whoever calls this has checked what it stores. */
@Transactional
public class AlertRules {

    private final JdbcClient jdbc;
    private final List<AlertSource> sources;

    AlertRules(JdbcClient jdbc, List<AlertSource> sources) {
        this.jdbc = jdbc;
        this.sources = List.copyOf(sources);
    }

    /** What rules can watch, by name. */
    public List<AlertKind> kinds() {
        return sources.stream()
                .flatMap(source -> source.kinds().stream())
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    public List<AlertRule> page(long workspaceId, long after, int rows) {
        return jdbc.sql(
                        """
                        SELECT * FROM alert_rule
                         WHERE workspace_id = :workspace AND id > :after ORDER BY id LIMIT :rows
                        """)
                .param("workspace", workspaceId)
                .param("after", after)
                .param("rows", rows)
                .query(AlertRules::rule)
                .list();
    }

    public Optional<AlertRule> find(long workspaceId, long id) {
        return jdbc.sql("SELECT * FROM alert_rule WHERE workspace_id = :workspace AND id = :id")
                .param("workspace", workspaceId)
                .param("id", id)
                .query(AlertRules::rule)
                .optional();
    }

    /**
     * @param rule its id is ignored
     */
    public AlertRule insert(AlertRule rule) {
        return jdbc.sql(
                        """
                        INSERT INTO alert_rule (workspace_id, name, kind, threshold, duration_seconds, enabled,
                                                emails, webhook_url, webhook_key, webhook_secret)
                        VALUES (:workspace, :name, :kind, :threshold, :duration, :enabled,
                                :emails, :url, :key, :secret)
                        RETURNING *
                        """)
                .param("workspace", rule.workspaceId())
                .param("name", rule.name())
                .param("kind", rule.kind())
                .param("threshold", rule.threshold())
                .param("duration", rule.durationSeconds())
                .param("enabled", rule.enabled())
                .param("emails", rule.emails().toArray(String[]::new))
                .param("url", rule.webhookUrl())
                .param("key", rule.webhookKey())
                .param("secret", bytes(rule.webhookSecret()))
                .query(AlertRules::rule)
                .single();
    }

    /** Empty if there is no such rule. */
    public Optional<AlertRule> update(AlertRule rule) {
        return jdbc.sql(
                        """
                        UPDATE alert_rule
                           SET name = :name, kind = :kind, threshold = :threshold, duration_seconds = :duration,
                               enabled = :enabled, emails = :emails, webhook_url = :url, webhook_secret = :secret
                         WHERE workspace_id = :workspace AND id = :id
                        RETURNING *
                        """)
                .param("workspace", rule.workspaceId())
                .param("id", rule.id())
                .param("name", rule.name())
                .param("kind", rule.kind())
                .param("threshold", rule.threshold())
                .param("duration", rule.durationSeconds())
                .param("enabled", rule.enabled())
                .param("emails", rule.emails().toArray(String[]::new))
                .param("url", rule.webhookUrl())
                .param("secret", bytes(rule.webhookSecret()))
                .query(AlertRules::rule)
                .optional();
    }

    /** Deletes its alerts and silences too. */
    public boolean delete(long workspaceId, long id) {
        return jdbc.sql("DELETE FROM alert_rule WHERE workspace_id = :workspace AND id = :id")
                        .param("workspace", workspaceId)
                        .param("id", id)
                        .update()
                == 1;
    }

    static AlertRule rule(ResultSet row, int number) throws SQLException {
        Array emails = row.getArray("emails");
        return new AlertRule(
                row.getLong("workspace_id"),
                row.getLong("id"),
                row.getString("name"),
                row.getString("kind"),
                row.getDouble("threshold"),
                row.getInt("duration_seconds"),
                row.getBoolean("enabled"),
                List.of((String[]) emails.getArray()),
                row.getString("webhook_url"),
                row.getObject("webhook_key", UUID.class),
                secret(row.getBytes("webhook_secret")));
    }

    private static byte @Nullable [] bytes(@Nullable SealedSecret secret) {
        return secret == null ? null : secret.bytes();
    }

    private static @Nullable SealedSecret secret(byte @Nullable [] bytes) {
        return bytes == null ? null : new SealedSecret(bytes);
    }
}
