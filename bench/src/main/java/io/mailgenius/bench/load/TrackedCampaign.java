package io.mailgenius.bench.load;

import io.mailgenius.jobs.delivery.tokens.TrackingTokens;
import io.mailgenius.jobs.delivery.tokens.UnsubscribeTokens.Recipient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A campaign that was delivered an hour ago, and the stored hits on it. */
public final class TrackedCampaign {

    private static final int LINKS = 10;

    private final JdbcClient owner;
    private final TrackingTokens tokens;
    private final Recipient first;
    private final long contacts;
    private final List<String> urls;

    /**
     * @param jdbcUrl for the login that owns the tables
     * @param contacts the number of contacts, with ids from 1
     */
    public TrackedCampaign(
            String jdbcUrl, String username, String password, long workspace, long contacts) {
        this.owner = JdbcClient.create(new DriverManagerDataSource(jdbcUrl, username, password));
        this.contacts = contacts;
        this.tokens =
                new TrackingTokens(
                        owner.sql(
                                        "SELECT value FROM installation_secret WHERE purpose = 'tracking'")
                                .query((row, _) -> row.getBytes(1))
                                .single());
        this.first = new Recipient(workspace, campaign(workspace), 1);
        this.urls =
                IntStream.rangeClosed(1, LINKS)
                        .mapToObj(n -> "https://shop.example/offer/" + n + "?utm_source=news")
                        .toList();
        links();
        delivered();
    }

    private long campaign(long workspace) {
        return number(
                String.format(
                        Locale.ROOT,
                        """
                INSERT INTO campaign (workspace_id, name, subject, sender, audience, status, launched_at, text)
                VALUES (%d, 'big', 's', 'a@example.com', '{"all":true}', 'SENT', now(), 't')
                RETURNING id
                """,
                        workspace));
    }

    private void links() {
        owner.sql(
                        """
                        INSERT INTO campaign_link (workspace_id, campaign_id, number, url)
                        SELECT :workspace, :campaign, number, url
                          FROM unnest(:urls) WITH ORDINALITY AS l (url, number)
                        """)
                .param("workspace", first.workspaceId())
                .param("campaign", first.campaignId())
                .param("urls", urls.toArray(String[]::new))
                .update();
    }

    private void delivered() {
        owner.sql(
                        """
                        INSERT INTO event (workspace_id, occurred_at, campaign_id, contact_id, type, message_id)
                        SELECT :workspace, now() - interval '1 hour', :campaign, n, 'DELIVERED', 'delivered-' || n
                          FROM generate_series(1, :contacts) AS n
                        """)
                .param("workspace", first.workspaceId())
                .param("campaign", first.campaignId())
                .param("contacts", contacts)
                .update();
        owner.sql("ANALYZE event").update();
    }

    /**
     * @param from the number of earlier hits
     */
    public TrackedHits hits(long from) {
        return new TrackedHits(tokens, first, contacts, urls, from);
    }

    /** Waits until there are as many events as hits, or the time is over. */
    public double secondsUntilStored(long hits, Duration patience, long pollMillis)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (stored() < hits && System.nanoTime() - begin < patience.toNanos()) {
            Thread.sleep(pollMillis);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    public long stored() {
        return number("SELECT count(*) FROM event WHERE message_id LIKE 'hit-%'");
    }

    /** Hits are distinguished by the number in their user agent. */
    public long distinct() {
        return number(
                "SELECT count(DISTINCT detail ->> 'userAgent') FROM event WHERE message_id LIKE 'hit-%'");
    }

    /** The number of hits classified as bots; all of them are people. */
    public long takenForPrograms() {
        return number(
                "SELECT count(*) FROM event WHERE type IN ('MACHINE_OPENED', 'MACHINE_CLICKED')");
    }

    private long number(String sql) {
        return Objects.requireNonNull(owner.sql(sql).query(Long.class).single());
    }
}
