package io.mailgenius.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How migration V075 normalizes addresses that were stored with brackets or quotes. */
class AddressSpellingsTest {

    private static final String SCRIPT =
            "/db/migration/V075__contacts_addresses_without_brackets_and_idle_quotes.sql";

    private final TestDatabase database = TestDatabase.create();
    private Connection connection;
    private long workspace;

    @BeforeEach
    void connect() throws SQLException {
        workspace = database.workspace("spellings");
        connection = database.owner().getConnection();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void a_suppression_applies_to_a_contact_stored_in_another_spelling() throws Exception {
        contact("<me@example.com>");
        contact("\"you\"@example.com");
        contact("them@example.com");
        suppression("me@example.com", "COMPLAINED");
        suppression("you@example.com", "MANUAL");
        suppression("<them@example.com>", "BOUNCED");

        migrate();

        assertThat(contacts())
                .containsExactly(
                        Map.entry("me@example.com", "COMPLAINED"),
                        Map.entry("them@example.com", "BOUNCED"),
                        Map.entry("you@example.com", "UNSUBSCRIBED"));
        assertThat(suppressions())
                .containsExactly(
                        Map.entry("me@example.com", "COMPLAINED"),
                        Map.entry("them@example.com", "BOUNCED"),
                        Map.entry("you@example.com", "MANUAL"));
    }

    @Test
    void a_contact_stored_in_two_spellings_is_mailed_once() throws Exception {
        contact("me@example.com");
        contact("<me@example.com>");
        contact("\"me\"@example.com");
        contact("\"you\"@example.com");
        contact("<you@example.com>");

        migrate();

        assertThat(contacts())
                .containsExactly(
                        Map.entry("\"me\"@example.com", "UNSUBSCRIBED"),
                        Map.entry("<me@example.com>", "UNSUBSCRIBED"),
                        Map.entry("<you@example.com>", "UNSUBSCRIBED"),
                        Map.entry("me@example.com", "SUBSCRIBED"),
                        Map.entry("you@example.com", "SUBSCRIBED"));
    }

    @Test
    void the_strongest_reason_of_all_spellings_is_kept() throws Exception {
        suppression("me@example.com", "BOUNCED");
        suppression("<me@example.com>", "COMPLAINED");
        suppression("\"me\"@example.com", "MANUAL");
        suppression("you@example.com", "COMPLAINED");
        suppression("<you@example.com>", "MANUAL");

        migrate();

        assertThat(suppressions())
                .containsExactly(
                        Map.entry("me@example.com", "COMPLAINED"),
                        Map.entry("you@example.com", "COMPLAINED"));
    }

    @Test
    void required_quotes_are_kept() throws Exception {
        for (String email :
                new String[] {
                    "\"a b\"@example.com", "\"a..b\"@example.com", "\"a@b\"@example.com"
                }) {
            contact(email);
            suppression(email, "MANUAL");
        }

        migrate();

        assertThat(contacts().keySet())
                .containsExactly(
                        "\"a b\"@example.com", "\"a..b\"@example.com", "\"a@b\"@example.com");
        assertThat(suppressions()).hasSize(3);
    }

    private void migrate() throws IOException, SQLException {
        try (InputStream script = getClass().getResourceAsStream(SCRIPT);
                var statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), UTF_8));
        }
        connection.commit();
    }

    private void contact(String email) throws SQLException {
        update("INSERT INTO contact (workspace_id, email) VALUES (?, ?)", workspace, email);
    }

    private void suppression(String email, String reason) throws SQLException {
        update(
                "INSERT INTO suppression (workspace_id, email, reason, source) VALUES (?, ?, ?, 'test')",
                workspace,
                email,
                reason);
    }

    private void update(String sql, Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int n = 0; n < parameters.length; n++) {
                statement.setObject(n + 1, parameters[n]);
            }
            statement.executeUpdate();
        }
    }

    private Map<String, String> contacts() throws SQLException {
        return pairs("SELECT email, status FROM contact");
    }

    private Map<String, String> suppressions() throws SQLException {
        return pairs("SELECT email, reason FROM suppression");
    }

    private Map<String, String> pairs(String sql) throws SQLException {
        Map<String, String> pairs = new TreeMap<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getString(2));
            }
        }
        return pairs;
    }
}
