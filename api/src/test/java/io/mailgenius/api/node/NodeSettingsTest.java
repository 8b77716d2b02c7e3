package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.api.node.NodeSettings.Login;
import io.mailgenius.api.node.NodeSettings.Management;
import io.mailgenius.api.node.NodeSettings.ProviderName;
import io.mailgenius.api.node.NodeSettings.Resend;
import io.mailgenius.api.node.NodeSettings.Sandbox;
import io.mailgenius.api.node.NodeSettings.Tls;
import io.mailgenius.engine.settings.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {

    @Test
    void a_node_without_any_setting_is_everything_at_once_with_embedded_stores() {
        assertThat(NodeSettings.from(Map.of()))
                .isEqualTo(
                        new NodeSettings(
                                null,
                                null,
                                Set.of(Role.API, Role.MANAGER, Role.WORKER),
                                8080,
                                new Management(null, "127.0.0.1"),
                                new Tls(null, null, null),
                                null,
                                null,
                                Path.of("data").toAbsolutePath(),
                                Path.of("data").toAbsolutePath(),
                                Path.of("data").toAbsolutePath(),
                                Path.of("data/master-keys.json").toAbsolutePath(),
                                ProviderName.SANDBOX,
                                new Resend(null, URI.create("https://api.resend.com"), null, 5),
                                new Sandbox(0, 0),
                                null,
                                NodeSettings.concurrencyFor(
                                        Runtime.getRuntime().availableProcessors()),
                                16
                                        + 2
                                                * NodeSettings.concurrencyFor(
                                                        Runtime.getRuntime().availableProcessors()),
                                Duration.ofSeconds(10),
                                Duration.ofDays(30),
                                Duration.ofDays(730),
                                null,
                                Duration.ofDays(90),
                                false,
                                false,
                                NodeSettings.megabytesFor(Runtime.getRuntime().maxMemory()),
                                new NodeSettings.Limits(300_000, 600_000, 3_000),
                                new PeopleSettings(null, null),
                                new WatchSettings(null, Map.of(), 100, null, false)));
        assertThat(NodeSettings.megabytesFor(2L << 30)).isEqualTo(512);
    }

    @Test
    void every_setting_is_read() {
        Path pem = Path.of("pom.xml").toAbsolutePath(); // any file that can be read
        assertThat(
                        NodeSettings.from(
                                Map.ofEntries(
                                        Map.entry(
                                                "MAILGENIUS_DATABASE_URL",
                                                "jdbc:postgresql://db/mg"),
                                        Map.entry("MAILGENIUS_DATABASE_USERNAME", "mg"),
                                        Map.entry("MAILGENIUS_DATABASE_PASSWORD", "secret"),
                                        Map.entry("MAILGENIUS_REDIS_URL", "redis://:pw@redis:6379"),
                                        Map.entry("MAILGENIUS_ROLES", "worker, MANAGER"),
                                        Map.entry("MAILGENIUS_DATABASE_OWNER_USERNAME", "own"),
                                        Map.entry("MAILGENIUS_DATABASE_OWNER_PASSWORD", "hidden"),
                                        Map.entry("MAILGENIUS_MANAGEMENT_PORT", "9090"),
                                        Map.entry("MAILGENIUS_MANAGEMENT_ADDRESS", "0.0.0.0"),
                                        Map.entry("MAILGENIUS_TLS_AUTHORITIES", "pom.xml"),
                                        Map.entry("MAILGENIUS_TLS_CERTIFICATE", "pom.xml"),
                                        Map.entry("MAILGENIUS_TLS_KEY", "pom.xml"),
                                        Map.entry("MAILGENIUS_PORT", "0"),
                                        Map.entry(
                                                "MAILGENIUS_PUBLIC_URL",
                                                "https://mail.example.com/"),
                                        Map.entry(
                                                "MAILGENIUS_TRACKING_URL",
                                                "https://click.example.com"),
                                        Map.entry("MAILGENIUS_KEEP_EVENTS", "90d"),
                                        Map.entry("MAILGENIUS_KEEP_SENDS", "P400D"),
                                        Map.entry("MAILGENIUS_KEEP_UPLOADS", "14d"),
                                        Map.entry(
                                                "MAILGENIUS_WEBHOOKS_TO_PRIVATE_ADDRESSES", "true"),
                                        Map.entry("MAILGENIUS_DATA_DIR", "/srv/mailgenius"),
                                        Map.entry("MAILGENIUS_SHARED_DIR", "/mnt/uploads"),
                                        Map.entry("MAILGENIUS_LOCAL_DIR", "/var/journal"),
                                        Map.entry("MAILGENIUS_MASTER_KEYS_FILE", "/run/keys.json"),
                                        Map.entry("MAILGENIUS_PROVIDER", "resend"),
                                        Map.entry("RESEND_API_KEY", "re_1"),
                                        Map.entry(
                                                "MAILGENIUS_RESEND_BASE_URL", "http://localhost:9"),
                                        Map.entry(
                                                "MAILGENIUS_RESEND_WEBHOOK_SECRET",
                                                "whsec_c2VjcmV0"),
                                        Map.entry("MAILGENIUS_RESEND_RATE", "0"),
                                        Map.entry("MAILGENIUS_SANDBOX_DAILY_QUOTA", "100"),
                                        Map.entry("MAILGENIUS_SANDBOX_MONTHLY_QUOTA", "3000"),
                                        Map.entry(
                                                "MAILGENIUS_BOOTSTRAP_API_KEY", "0123456789abcdef"),
                                        Map.entry("MAILGENIUS_WORKER_CONCURRENCY", "7"),
                                        Map.entry("MAILGENIUS_DATABASE_CONNECTIONS", "40"),
                                        Map.entry("MAILGENIUS_LEASE", "1m"),
                                        Map.entry("MAILGENIUS_KEEP_JOBS", "7d"),
                                        Map.entry("MAILGENIUS_REQUESTS_PER_KEY", "100"),
                                        Map.entry("MAILGENIUS_REQUESTS_PER_WORKSPACE", "0"),
                                        Map.entry("MAILGENIUS_REFUSED_KEYS_PER_ADDRESS", "7"),
                                        Map.entry(
                                                "MAILGENIUS_MAIL_FROM",
                                                "MailGenius <people@example.com>"),
                                        Map.entry(
                                                "MAILGENIUS_OIDC_ISSUER",
                                                "https://id.example.com/realm/"),
                                        Map.entry("MAILGENIUS_OIDC_CLIENT_ID", "mailgenius"),
                                        Map.entry("MAILGENIUS_OIDC_CLIENT_SECRET", "hidden too"),
                                        Map.entry("MAILGENIUS_SEGMENT_INDEX_MEMORY", "300"))))
                .isEqualTo(
                        new NodeSettings(
                                new Database(
                                        "jdbc:postgresql://db/mg?sslmode=verify-full&sslrootcert="
                                                + pem,
                                        "mg",
                                        "secret",
                                        new Login("own", "hidden")),
                                "redis://:pw@redis:6379",
                                Set.of(Role.MANAGER, Role.WORKER),
                                0,
                                new Management(9090, "0.0.0.0"),
                                new Tls(pem, pem, pem),
                                URI.create("https://mail.example.com"),
                                URI.create("https://click.example.com"),
                                Path.of("/srv/mailgenius"),
                                Path.of("/mnt/uploads"),
                                Path.of("/var/journal"),
                                Path.of("/run/keys.json"),
                                ProviderName.RESEND,
                                new Resend(
                                        "re_1",
                                        URI.create("http://localhost:9"),
                                        "whsec_c2VjcmV0",
                                        0),
                                new Sandbox(100, 3000),
                                "0123456789abcdef",
                                7,
                                40,
                                Duration.ofMinutes(1),
                                Duration.ofDays(7),
                                Duration.ofDays(90),
                                Duration.ofDays(400),
                                Duration.ofDays(14),
                                true,
                                true,
                                300,
                                new NodeSettings.Limits(100, 0, 7),
                                new PeopleSettings(
                                        "MailGenius <people@example.com>",
                                        new PeopleSettings.Oidc(
                                                URI.create("https://id.example.com/realm"),
                                                "mailgenius",
                                                "hidden too",
                                                "id.example.com")),
                                new WatchSettings(null, Map.of(), 100, null, false)));
    }

    @Test
    void the_data_folder_is_the_default_of_what_is_shared_and_of_what_is_local() {
        NodeSettings all = NodeSettings.from(Map.of("MAILGENIUS_DATA_DIR", "/srv/mailgenius"));
        assertThat(all.sharedDir()).isEqualTo(Path.of("/srv/mailgenius"));
        assertThat(all.localDir()).isEqualTo(Path.of("/srv/mailgenius"));

        NodeSettings one = NodeSettings.from(Map.of("MAILGENIUS_SHARED_DIR", "/mnt/uploads"));
        assertThat(one.sharedDir()).isEqualTo(Path.of("/mnt/uploads"));
        assertThat(one.localDir()).isEqualTo(Path.of("data").toAbsolutePath());
        assertThat(one.dataDir()).isEqualTo(Path.of("data").toAbsolutePath());
    }

    @Test
    void a_setting_that_is_there_but_empty_counts_as_not_set() {
        assertThat(NodeSettings.from(Map.of("MAILGENIUS_PORT", " ", "MAILGENIUS_REDIS_URL", "")))
                .isEqualTo(NodeSettings.from(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MAILGENIUS_PORT               | 99999
                    MAILGENIUS_PORT               | http
                    MAILGENIUS_ROLES              | api,cook
                    MAILGENIUS_ROLES              | api,
                    MAILGENIUS_DATABASE_URL       | postgres://localhost/mg
                    MAILGENIUS_DATABASE_USERNAME  | mg
                    MAILGENIUS_DATABASE_OWNER_USERNAME | mg
                    MAILGENIUS_DATABASE_OWNER_PASSWORD | secret
                    MAILGENIUS_MANAGEMENT_PORT    | 99999
                    MAILGENIUS_TLS_AUTHORITIES    | /no/such.pem
                    MAILGENIUS_TLS_CERTIFICATE    | /no/such.pem
                    MAILGENIUS_TLS_KEY            | /no/such.pem
                    MAILGENIUS_REDIS_URL          | localhost:6379
                    MAILGENIUS_PUBLIC_URL         | mail.example.com
                    MAILGENIUS_TRACKING_URL       | click.example.com
                    MAILGENIUS_KEEP_EVENTS        | 1d
                    MAILGENIUS_KEEP_SENDS         | 30d
                    MAILGENIUS_KEEP_SENDS         | forever
                    MAILGENIUS_PROVIDER           | pigeon
                    MAILGENIUS_RESEND_BASE_URL    | ftp://api.resend.com
                    MAILGENIUS_RESEND_RATE        | -1
                    MAILGENIUS_SANDBOX_DAILY_QUOTA | -1
                    MAILGENIUS_SANDBOX_MONTHLY_QUOTA | many
                    MAILGENIUS_RESEND_WEBHOOK_SECRET | §
                    MAILGENIUS_BOOTSTRAP_API_KEY  | short
                    MAILGENIUS_WORKER_CONCURRENCY | 0
                    MAILGENIUS_DATABASE_CONNECTIONS | 0
                    MAILGENIUS_LEASE              | soon
                    MAILGENIUS_REQUIRE_POSTAL_ADDRESS | perhaps
                    MAILGENIUS_LEASE              | 100ms
                    MAILGENIUS_MAIL_FROM          | nobody in particular
                    MAILGENIUS_OIDC_ISSUER        | id.example.com
                    MAILGENIUS_OIDC_ISSUER        | https://id.example.com
                    MAILGENIUS_OIDC_CLIENT_SECRET | secret
                    MAILGENIUS_LEASE              | 99999999999999999999s
                    """)
    void a_value_that_cannot_work_is_refused_in_one_sentence_with_its_key(
            String key, String value) {
        assertThatThrownBy(() -> NodeSettings.from(Map.of(key, value)))
                .isInstanceOf(SettingRefused.class)
                .hasMessageStartingWith(key)
                .hasMessageEndingWith(".")
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(1);
    }

    @Test
    void a_secret_is_not_repeated_when_it_is_refused() {
        assertThatThrownBy(
                        () ->
                                NodeSettings.from(
                                        Map.of("MAILGENIUS_BOOTSTRAP_API_KEY", "hush hush")))
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MAILGENIUS_DATABASE_URL | postgresql://mg:hush@db/mg
                    MAILGENIUS_DATABASE_URL | postgresql://mg:hu@sh/hush@db,mg:hush@other/mg
                    MAILGENIUS_DATABASE_URL | jdbc:postgres://db/mg?user=mg&password=hush&ssl=true
                    MAILGENIUS_DATABASE_URL | jdbc:postgres://db/mg?sslPassword=hush
                    MAILGENIUS_REDIS_URL    | redis:/hush@redis?password=hush
                    MAILGENIUS_REDIS_URL    | http://:hush@redis
                    MAILGENIUS_REDIS_URL    | :hush@redis
                    """)
    void a_url_that_is_refused_is_shown_without_its_password(String key, String url) {
        assertThatThrownBy(() -> NodeSettings.from(Map.of(key, url)))
                .isInstanceOf(SettingRefused.class)
                .hasMessageStartingWith(key)
                .hasMessageNotContaining("hush");
    }

    @Test
    void resend_without_a_key_is_refused_before_anything_starts() {
        assertThatThrownBy(() -> NodeSettings.from(Map.of("MAILGENIUS_PROVIDER", "resend")))
                .isInstanceOf(SettingRefused.class)
                .hasMessageContaining("RESEND_API_KEY");
    }
}
