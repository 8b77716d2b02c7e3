package io.mailgenius.jobs.providers.accounts;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code provider_account} of the current workspace. */
@Component
final class AccountStore {

    private final JdbcClient jdbc;

    AccountStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param apiSecret encrypted; null once it was forgotten
     * @param webhookSecret encrypted; null if there is none
     */
    record Stored(
            long id,
            UUID key,
            byte @Nullable [] apiSecret,
            String apiKeyEnd,
            int rate,
            byte @Nullable [] webhookSecret,
            Instant createdAt) {}

    Optional<Stored> present() {
        return jdbc.sql(
                        """
                        SELECT id, key, api_secret, api_key_end, rate, webhook_secret, created_at
                          FROM provider_account
                         WHERE workspace_id = :workspace AND retired_at IS NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .query(AccountStore::stored)
                .optional();
    }

    Optional<Stored> find(long id) {
        return jdbc.sql(
                        """
                        SELECT id, key, api_secret, api_key_end, rate, webhook_secret, created_at
                          FROM provider_account
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", id)
                .query(AccountStore::stored)
                .optional();
    }

    Optional<Stored> find(UUID key) {
        return jdbc.sql(
                        """
                        SELECT id, key, api_secret, api_key_end, rate, webhook_secret, created_at
                          FROM provider_account
                         WHERE workspace_id = :workspace AND key = :key
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("key", key)
                .query(AccountStore::stored)
                .optional();
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                row.getLong("id"),
                row.getObject("key", UUID.class),
                row.getBytes("api_secret"),
                row.getString("api_key_end"),
                row.getInt("rate"),
                row.getBytes("webhook_secret"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /** Two that change the account of a workspace at the same time do it one after the other. */
    void lock() {
        jdbc.sql("SELECT id FROM workspace WHERE id = :workspace FOR NO KEY UPDATE")
                .param("workspace", WorkspaceScope.required())
                .query((row, _) -> row.getLong(1))
                .single();
    }

    void insert(Stored account) {
        jdbc.sql(
                        """
                        INSERT INTO provider_account (workspace_id, key, api_secret, api_key_end, rate, webhook_secret, created_at)
                        VALUES (:workspace, :key, :apiSecret, :end, :rate, :webhookSecret, :now)
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("key", account.key())
                .param("apiSecret", account.apiSecret())
                .param("end", account.apiKeyEnd())
                .param("rate", account.rate())
                .param("webhookSecret", account.webhookSecret(), Types.BINARY)
                .param("now", account.createdAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    void update(Stored account) {
        jdbc.sql(
                        """
                        UPDATE provider_account
                           SET api_secret = :apiSecret, api_key_end = :end, rate = :rate, webhook_secret = :webhookSecret
                         WHERE workspace_id = :workspace AND id = :id
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("id", account.id())
                .param("apiSecret", account.apiSecret())
                .param("end", account.apiKeyEnd())
                .param("rate", account.rate())
                .param("webhookSecret", account.webhookSecret(), Types.BINARY)
                .update();
    }

    int retire(Instant now) {
        return jdbc.sql(
                        """
                        UPDATE provider_account SET retired_at = :now
                         WHERE workspace_id = :workspace AND retired_at IS NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * Removes keys of accounts that were retired before, and accounts whose events ended before.
     */
    void forget(Instant keys, Instant events) {
        jdbc.sql(
                        """
                        UPDATE provider_account SET api_secret = NULL
                         WHERE workspace_id = :workspace AND retired_at < :keys AND api_secret IS NOT NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("keys", keys.atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql(
                        """
                        DELETE FROM provider_account
                         WHERE workspace_id = :workspace AND retired_at < :events
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("events", events.atOffset(ZoneOffset.UTC))
                .update();
    }
}
