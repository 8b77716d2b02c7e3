package io.mailgenius.jobs.providers.sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table sandbox_batch. Each statement is its own transaction, unless the caller has one open on the
 * same data source.
 */
final class SandboxBatches {

    private final JdbcClient database;

    SandboxBatches(DataSource database) {
        this.database = JdbcClient.create(database);
    }

    /** The result of storing a batch. */
    sealed interface Admission {

        /** Stored now, or earlier with the same body. */
        record Taken(long id) implements Admission {}

        /** The key belongs to a batch with another body. */
        record KeyOfAnother() implements Admission {}
    }

    /**
     * Stores a batch, unless its key was used within 24 hours. The unique index of the key decides
     * between two concurrent requests, on whichever nodes: the later one waits for the commit of
     * the earlier and then finds its row.
     */
    Admission take(@Nullable String key, byte[] sha256, byte[] gzip, int mails) {
        while (true) {
            Optional<Long> id =
                    database.sql(
                                    """
                                    INSERT INTO sandbox_batch (idempotency_key, body_sha256, body, mails)
                                    VALUES (:key, :sha256, :body, :mails)
                                    ON CONFLICT (idempotency_key) DO NOTHING
                                    RETURNING id
                                    """)
                            .param("key", key, Types.VARCHAR)
                            .param("sha256", sha256)
                            .param("body", gzip)
                            .param("mails", mails)
                            .query(Long.class)
                            .optional();
            if (id.isPresent()) {
                return new Admission.Taken(id.get());
            }
            Optional<Earlier> earlier = earlier(key);
            if (earlier.isPresent()) {
                return Arrays.equals(earlier.get().sha256, sha256)
                        ? new Admission.Taken(earlier.get().id)
                        : new Admission.KeyOfAnother();
            }
        }
    }

    /** Deletes the key if its 24 hours are over; the caller then tries again. */
    private Optional<Earlier> earlier(@Nullable String key) {
        database.sql(
                        """
                        UPDATE sandbox_batch SET idempotency_key = NULL
                         WHERE idempotency_key = :key AND accepted_at < now() - interval '24 hours'
                        """)
                .param("key", key)
                .update();
        return database.sql(
                        """
                        SELECT id, body_sha256 FROM sandbox_batch WHERE idempotency_key = :key
                        """)
                .param("key", key)
                .query((row, _) -> new Earlier(row.getLong(1), row.getBytes(2)))
                .optional();
    }

    private record Earlier(long id, byte[] sha256) {}

    Optional<Stored> find(long id) {
        return database.sql(
                        """
                        SELECT id, idempotency_key, body, mails, accepted_at
                          FROM sandbox_batch WHERE id = :id
                        """)
                .param("id", id)
                .query(SandboxBatches::stored)
                .optional();
    }

    Optional<Stored> olderThan(long id) {
        return database.sql(
                        """
                        SELECT id, idempotency_key, body, mails, accepted_at
                          FROM sandbox_batch WHERE id < :id ORDER BY id DESC LIMIT 1
                        """)
                .param("id", id)
                .query(SandboxBatches::stored)
                .optional();
    }

    /**
     * Locks batches until the caller's transaction ends, so that no other node reports them.
     *
     * @param age the least time since they were stored
     */
    List<Stored> lockUnreported(long after, Duration age, int limit) {
        return database.sql(
                        """
                        SELECT id, idempotency_key, body, mails, accepted_at
                          FROM sandbox_batch
                         WHERE reported_at IS NULL AND id > :after
                           AND accepted_at <= now() - :age * interval '1 millisecond'
                         ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
                        """)
                .param("after", after)
                .param("age", age.toMillis())
                .param("limit", limit)
                .query(SandboxBatches::stored)
                .list();
    }

    void reported(List<Long> ids) {
        database.sql("UPDATE sandbox_batch SET reported_at = now() WHERE id = ANY (:ids)")
                .param("ids", ids.toArray(Long[]::new))
                .update();
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                row.getLong("id"),
                row.getString("idempotency_key"),
                row.getBytes("body"),
                row.getInt("mails"),
                row.getObject("accepted_at", OffsetDateTime.class).toInstant());
    }

    /** A row of the table. */
    record Stored(long id, @Nullable String key, byte[] gzip, int count, Instant acceptedAt) {

        List<SandboxMail> mails() {
            try (GZIPInputStream body = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
                JsonNode json = JsonMapper.shared().readTree(body);
                List<SandboxMail> mails = new ArrayList<>(count);
                for (JsonNode mail : json.isArray() ? json : List.of(json)) {
                    mails.add(
                            SandboxMail.of(
                                    new MailId(id, mails.size()).uuid(), acceptedAt, key, mail));
                }
                return mails;
            } catch (IOException e) {
                throw new UncheckedIOException("sandbox_batch " + id + " is damaged", e);
            }
        }
    }
}
