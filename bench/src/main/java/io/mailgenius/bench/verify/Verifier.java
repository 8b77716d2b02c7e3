package io.mailgenius.bench.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Compares what the provider accepted, by its own file, with who should have got a mail and with
 * what is recorded, by plain SQL. It shares no code with the product.
 */
public final class Verifier {

    private final Path accepted;
    private final JdbcClient jdbc;

    /**
     * @param accepted the provider's file, a line per mail
     * @param jdbcUrl for the login that owns the tables
     */
    public Verifier(Path accepted, String jdbcUrl, String username, String password) {
        this.accepted = accepted;
        this.jdbc = LedgerObserver.owner(jdbcUrl, username, password);
    }

    /**
     * @param campaignId a campaign to all contacts, which have not changed since
     */
    public Verdict verify(long campaignId) throws IOException {
        return verify(campaignId, AcceptedMails.addresses(accepted));
    }

    /**
     * One of several campaigns, whose mails are distinguished by the prefix of their idempotency
     * keys.
     *
     * @param campaignId a campaign to all contacts of its workspace, which have not changed since
     */
    public Verdict verifyAmongOthers(long campaignId) throws IOException {
        String key =
                jdbc.sql("SELECT send_key FROM campaign WHERE id = :campaign")
                        .param("campaign", campaignId)
                        .query((row, n) -> row.getString(1))
                        .single();
        return verify(campaignId, AcceptedMails.addresses(accepted, key));
    }

    private Verdict verify(long campaignId, List<String> addresses) {
        Map<String, Integer> mails = new HashMap<>();
        long total = 0;
        for (String address : addresses) {
            mails.merge(address, 1, Integer::sum);
            total++;
        }
        Set<String> expected = new HashSet<>(mailable(campaignId));
        Set<String> recorded = new HashSet<>(recordedAsSent(campaignId));
        Map<String, Long> rows = rows(campaignId);
        Map<String, Long> other = new TreeMap<>(rows);
        other.remove("SENT");
        return new Verdict(
                expected.size(),
                total,
                without(expected, mails.keySet()),
                mails.entrySet().stream()
                        .filter(it -> it.getValue() > 1)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList(),
                without(mails.keySet(), expected),
                rows.getOrDefault("SENT", 0L),
                other,
                different(mails.keySet(), recorded),
                ledger(campaignId),
                chunks(campaignId));
    }

    private static List<String> without(Set<String> all, Set<String> those) {
        return all.stream().filter(it -> !those.contains(it)).sorted().toList();
    }

    private static List<String> different(Set<String> one, Set<String> other) {
        Set<String> either = new HashSet<>(without(one, other));
        either.addAll(without(other, one));
        return either.stream().sorted().toList();
    }

    private List<String> mailable(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT c.email FROM contact c JOIN campaign m ON m.workspace_id = c.workspace_id
                         WHERE m.id = :campaign AND c.status = 'SUBSCRIBED'
                           AND NOT EXISTS (SELECT FROM suppression s
                                            WHERE s.workspace_id = c.workspace_id AND s.email = c.email)
                        """)
                .param("campaign", campaignId)
                .query((row, n) -> row.getString(1))
                .list();
    }

    private List<String> recordedAsSent(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT c.email FROM send s
                          JOIN contact c ON c.workspace_id = s.workspace_id AND c.id = s.contact_id
                         WHERE s.campaign_id = :campaign AND s.status = 'SENT'
                        """)
                .param("campaign", campaignId)
                .query((row, n) -> row.getString(1))
                .list();
    }

    private Map<String, Long> rows(long campaignId) {
        Map<String, Long> rows = new TreeMap<>();
        jdbc.sql("SELECT status, count(*) FROM send WHERE campaign_id = :campaign GROUP BY status")
                .param("campaign", campaignId)
                .query(
                        row -> {
                            rows.put(row.getString(1), row.getLong(2));
                        });
        return rows;
    }

    private long ledger(long campaignId) {
        return jdbc.sql(
                        """
                        SELECT coalesce(sum((k.counts ->> 'sent')::bigint), 0)
                          FROM campaign m JOIN launch l ON l.id = m.launch_id
                          JOIN chunk k ON k.job_instance_id = l.job_instance_id
                         WHERE m.id = :campaign AND k.state = 'DONE'
                        """)
                .param("campaign", campaignId)
                .query((row, n) -> row.getLong(1))
                .single();
    }

    private Map<String, Long> chunks(long campaignId) {
        Map<String, Long> chunks = new TreeMap<>();
        jdbc.sql(
                        """
                        SELECT k.state, count(*)
                          FROM campaign m JOIN launch l ON l.id = m.launch_id
                          JOIN chunk k ON k.job_instance_id = l.job_instance_id
                         WHERE m.id = :campaign GROUP BY k.state
                        """)
                .param("campaign", campaignId)
                .query(
                        row -> {
                            chunks.put(row.getString(1), row.getLong(2));
                        });
        return chunks;
    }
}
