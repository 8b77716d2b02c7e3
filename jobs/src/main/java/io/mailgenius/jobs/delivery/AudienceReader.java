package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Audience;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Enumerates an audience in the order of contact ids, a chunk of recipients at a time. Who is
 * unsubscribed or suppressed is left out here, and looked at again when the mail goes out.
 */
final class AudienceReader implements ItemStreamReader<Recipients> {

    static final int CHUNK = 1_000;

    private static final String AFTER = "audience.after";

    private final JdbcClient jdbc;
    private final long campaignId;
    private final Audience audience;
    private final long from;
    private final long to;
    private long after;

    /**
     * @param from the first contact id
     * @param to the last one
     */
    AudienceReader(JdbcClient jdbc, long campaignId, Audience audience, long from, long to) {
        this.jdbc = jdbc;
        this.campaignId = campaignId;
        this.audience = audience;
        this.from = from;
        this.to = to;
    }

    @Override
    public void open(ExecutionContext context) {
        after = context.getLong(AFTER, from - 1);
    }

    @Override
    public @Nullable Recipients read() {
        long[] mailable = new long[0];
        while (mailable.length == 0) {
            long[] members = members();
            if (members.length == 0) {
                return null;
            }
            after = members[members.length - 1];
            mailable = mailable(members);
        }
        return new Recipients(campaignId, mailable);
    }

    /**
     * A walk along one index, whatever the planner knows of tables that were filled a moment ago.
     */
    private long[] members() {
        String sql;
        long of = 0;
        if (audience.segmentId() != null) {
            of = audience.segmentId();
            sql =
                    """
                    SELECT contact_id FROM segment_member
                     WHERE workspace_id = current_workspace() AND segment_id = :of
                       AND contact_id > :after AND contact_id <= :to
                     ORDER BY contact_id LIMIT :rows
                    """;
        } else if (audience.listId() != null) {
            of = audience.listId();
            sql =
                    """
                    SELECT contact_id FROM list_member
                     WHERE workspace_id = current_workspace() AND list_id = :of
                       AND contact_id > :after AND contact_id <= :to
                     ORDER BY contact_id LIMIT :rows
                    """;
        } else {
            sql =
                    """
                    SELECT id FROM contact
                     WHERE workspace_id = current_workspace() AND id > :after AND id <= :to AND :of = 0
                     ORDER BY id LIMIT :rows
                    """;
        }
        return ids(
                jdbc.sql(sql)
                        .param("of", of)
                        .param("after", after)
                        .param("to", to)
                        .param("rows", CHUNK));
    }

    private long[] mailable(long[] members) {
        return ids(
                jdbc.sql(
                                """
                                SELECT c.id FROM contact c
                                 WHERE c.workspace_id = current_workspace() AND c.id = ANY (:ids)
                                   AND c.status = 'SUBSCRIBED'
                                   AND NOT EXISTS (SELECT FROM suppression s
                                                    WHERE s.workspace_id = c.workspace_id AND s.email = c.email)
                                 ORDER BY c.id
                                """)
                        .param("ids", members));
    }

    private static long[] ids(JdbcClient.StatementSpec query) {
        return query.query((row, n) -> row.getLong(1)).list().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(AFTER, after);
    }
}
