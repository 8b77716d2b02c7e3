package io.mailgenius.jobs.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.standardwebhooks.Webhook;
import io.mailgenius.engine.tenancy.WorkspaceTransactionManager;
import io.mailgenius.jobs.contacts.Suppressions;
import io.mailgenius.schema.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Events on a real database, and a provider that signs with the standardwebhooks library. */
public final class EventsFixture implements AutoCloseable {

    public static final Instant NOW = Instant.parse("2026-03-05T12:34:56Z");
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String NEXT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    public final TestDatabase database = TestDatabase.create();
    public final JdbcClient owner = JdbcClient.create(database.owner());
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final long workspace = database.workspace("Acme");
    final EventStore store;
    public final Events events;

    public EventsFixture() {
        this(SECRET);
    }

    EventsFixture(String secrets) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        store =
                new EventStore(
                        jdbc,
                        new WorkspaceTransactionManager(database.dataSource()),
                        new Suppressions(jdbc),
                        clock);
        events = new Events(WebhookSecrets.of(secrets), store, clock, meters);
        events.start();
    }

    public long contact(String email) {
        return owner.sql("INSERT INTO contact (workspace_id, email) VALUES (?, ?) RETURNING id")
                .param(workspace)
                .param(email)
                .query(Long.class)
                .single();
    }

    Receipt post(String id, String body) {
        return post(id, NOW, sign(SECRET, id, NOW, body), body);
    }

    Receipt post(String id, Instant at, String signature, String body) {
        return events.receive(
                id, Long.toString(at.getEpochSecond()), signature, body.getBytes(UTF_8));
    }

    static String sign(String secret, String id, Instant at, String body) {
        try {
            return new Webhook(secret).sign(id, at.getEpochSecond(), body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    String body(String type, long campaign, long contact, String more) {
        return """
        {"type":"%s","created_at":"2026-03-05T11:22:33.444Z","data":{
          "created_at":"2026-03-05T11:00:00.000Z","email_id":"56761188-7520-42d8-8898-ff6fc54ce618",
          "message_id":"<111-222-333@email.example.com>","from":"Acme <news@example.com>",
          "to":["ada@example.com"],"subject":"News",
          "tags":{"workspace_id":"%d","campaign_id":"%d","contact_id":"%d"}%s}}
        """
                .formatted(type, workspace, campaign, contact, more);
    }

    public long count(String table) {
        return owner.sql("SELECT count(*) FROM " + table).query(Long.class).single();
    }

    @Override
    public void close() {
        events.stop();
        database.close();
    }
}
