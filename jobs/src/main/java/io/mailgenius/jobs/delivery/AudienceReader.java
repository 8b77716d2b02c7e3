package io.mailgenius.jobs.delivery;

import io.mailgenius.jobs.campaigns.Audience;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        Map<String, Object> params = new HashMap<>();
        params.put("after", after);
        params.put("to", to);
        params.put("rows", CHUNK);
        List<Long> ids =
                jdbc.sql(
                                """
                                SELECT c.id FROM contact c
                                 WHERE c.workspace_id = current_workspace()
                                   AND c.id > :after AND c.id <= :to
                                   AND c.status = 'SUBSCRIBED'
                                   AND NOT EXISTS (SELECT FROM suppression s
                                                    WHERE s.workspace_id = c.workspace_id AND s.email = c.email)
                                """
                                        + membership(audience, params)
                                        + " ORDER BY c.id LIMIT :rows")
                        .params(params)
                        .query((row, n) -> row.getLong(1))
                        .list();
        if (ids.isEmpty()) {
            return null;
        }
        after = ids.getLast();
        return new Recipients(campaignId, ids.stream().mapToLong(Long::longValue).toArray());
    }

    private static String membership(Audience audience, Map<String, Object> params) {
        if (audience.segmentId() != null) {
            params.put("segment", audience.segmentId());
            return """
                    AND EXISTS (SELECT FROM segment_member m
                                 WHERE m.workspace_id = c.workspace_id AND m.segment_id = :segment
                                   AND m.contact_id = c.id)
                   """;
        }
        if (audience.listId() != null) {
            params.put("list", audience.listId());
            return """
                    AND EXISTS (SELECT FROM list_member m
                                 WHERE m.workspace_id = c.workspace_id AND m.list_id = :list
                                   AND m.contact_id = c.id)
                   """;
        }
        return "";
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(AFTER, after);
    }
}
