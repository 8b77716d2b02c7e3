package io.mailgenius.jobs.events.tracking;

import static java.util.stream.Collectors.groupingBy;

import io.mailgenius.jobs.events.bots.Bots;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Distinguishes bots from people by user agent, network and behaviour. */
final class BotClassifier {

    private static final int FEWEST_OF_ALL = 3;

    private final Bots bots = new Bots();
    private final LinkTable links;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    BotClassifier(LinkTable links, JdbcClient jdbc, TransactionTemplate transaction) {
        this.links = links;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    private record Mail(long campaignId, long contactId) {}

    /**
     * @param about hits of about the same time, which show bursts
     * @return the kind of bot of each hit that was made by one
     */
    Map<Hit, String> kinds(List<Hit> hits, List<Hit> about) {
        Map<Hit, String> kinds = new IdentityHashMap<>();
        for (Hit hit : hits) {
            String kind = kind(hit, about);
            if (kind != null) {
                kinds.put(hit, kind);
            }
        }
        hits.stream()
                .filter(hit -> hit.isClick() && !kinds.containsKey(hit))
                .collect(groupingBy(Hit::workspaceId))
                .forEach((workspace, clicks) -> tooSoon(workspace, clicks, kinds));
        return kinds;
    }

    private @Nullable String kind(Hit hit, List<Hit> about) {
        if (hit.head()) {
            return Bots.SCANNER;
        }
        String known = bots.kind(hit.agent(), hit.ip());
        return known == null && hit.isClick() && isPartOfBurst(hit, about) ? Bots.SCANNER : known;
    }

    /** All links of the mail, or more of them than a person opens in the period. */
    private boolean isPartOfBurst(Hit click, List<Hit> about) {
        long clicked =
                about.stream()
                        .filter(hit -> hit.isClick() && hit.isOfSameMail(click))
                        .filter(hit -> hit.isWithin(Bots.BURST, click))
                        .mapToInt(Hit::link)
                        .distinct()
                        .count();
        return clicked >= FEWEST_OF_ALL
                && clicked
                        >= Math.min(
                                Bots.MANY,
                                links.of(click.workspaceId(), click.campaignId()).size());
    }

    private void tooSoon(long workspaceId, List<Hit> clicks, Map<Hit, String> kinds) {
        Map<Mail, Instant> delivered =
                WorkspaceScope.call(
                        workspaceId,
                        () ->
                                Objects.requireNonNull(
                                        transaction.execute(_ -> delivered(workspaceId, clicks))));
        for (Hit click : clicks) {
            Instant at = delivered.get(new Mail(click.campaignId(), click.contactId()));
            if (at != null && click.at().isBefore(at.plus(Bots.TOO_SOON))) {
                kinds.put(click, Bots.TOO_SOON_KIND);
            }
        }
    }

    /**
     * OFFSET 0 forces one lookup per contact, and {@code + 0} keeps the planner on the index by
     * contact.
     */
    private Map<Mail, Instant> delivered(long workspaceId, List<Hit> clicks) {
        Map<Mail, Instant> delivered = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT c.campaign_id, c.contact_id, min(e.occurred_at) AS at
                          FROM (SELECT DISTINCT campaign_id, contact_id
                                  FROM unnest(:campaigns::bigint[], :contacts::bigint[])
                                         AS c (campaign_id, contact_id)) c
                         CROSS JOIN LATERAL (
                               SELECT occurred_at
                                 FROM event
                                WHERE workspace_id = :workspace
                                  AND contact_id = c.contact_id
                                  AND campaign_id + 0 = c.campaign_id
                                  AND type = 'DELIVERED'
                               OFFSET 0) e
                         GROUP BY c.campaign_id, c.contact_id
                        """)
                .param("workspace", workspaceId)
                .param("campaigns", clicks.stream().map(Hit::campaignId).toArray(Long[]::new))
                .param("contacts", clicks.stream().map(Hit::contactId).toArray(Long[]::new))
                .query(
                        row -> {
                            delivered.put(
                                    new Mail(row.getLong(1), row.getLong(2)),
                                    row.getObject(3, OffsetDateTime.class).toInstant());
                        });
        return delivered;
    }
}
