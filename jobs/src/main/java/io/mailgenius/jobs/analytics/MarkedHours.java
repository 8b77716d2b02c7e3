package io.mailgenius.jobs.analytics;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The hours that have events which no rollup has counted, and how much there is to do in them. */
@Component
final class MarkedHours {

    /** So many events are worked off in about a second. */
    static final int CHUNK = 50_000;

    /** At most so many hours, or slices of them, in one chunk. */
    static final int PIECES = 200;

    private final JdbcClient jdbc;

    MarkedHours(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In the order of campaign and time, so that an enumeration can go on where it was. */
    Optional<Hour> after(Hour hour) {
        return jdbc.sql(
                        """
                        SELECT campaign_id, hour
                          FROM event_mark
                         WHERE workspace_id = :workspace
                           AND (campaign_id, hour) > (:campaign, :hour::timestamptz)
                         ORDER BY campaign_id, hour
                         LIMIT 1
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", hour.campaignId())
                .param("hour", hour.start().toString())
                .query((row, _) -> new Hour(row.getLong("campaign_id"), instant(row, "hour")))
                .optional();
    }

    /** A slice, and how many events it has. */
    record Cut(Slice slice, int events) {}

    /**
     * By time, and not by contact, because that is how events are indexed: each is read once. A
     * microsecond that has more events than a slice is not cut.
     */
    Cut cut(Hour hour, Instant from, int size) {
        return jdbc.sql(
                        """
                        SELECT count(*) AS events, max(occurred_at) AS last
                          FROM (SELECT occurred_at
                                  FROM event
                                 WHERE workspace_id = :workspace
                                   AND campaign_id = :campaign
                                   AND occurred_at >= :from::timestamptz
                                   AND occurred_at < :to::timestamptz
                                 ORDER BY occurred_at
                                 LIMIT :size) AS e
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("campaign", hour.campaignId())
                .param("from", from.toString())
                .param("to", hour.end().toString())
                .param("size", size)
                .query(
                        (row, _) -> {
                            int events = row.getInt("events");
                            Instant to =
                                    events < size
                                            ? hour.end()
                                            : instant(row, "last").plus(1, ChronoUnit.MICROS);
                            return new Cut(new Slice(hour.campaignId(), from, to), events);
                        })
                .single();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
