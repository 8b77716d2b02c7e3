package io.mailgenius.api.node;

import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that can be set on a node, already judged: whoever holds one of these may start with it.
 *
 * @param database where PostgreSQL is; nothing means the embedded one
 * @param redisUrl where Redis is; nothing means the embedded one
 * @param port 0 for any free one
 * @param publicUrl how the outside world reaches a node with the role {@code api}: the base of the
 *     links in mails
 * @param trackingUrl base of tracked links, where that is another domain; nothing means the public
 *     one
 * @param dataDir of the embedded stores
 * @param sharedDir of uploads, which every node has to see; {@code dataDir} unless set
 * @param localDir of hits that are not in the database yet, which no other node may write to;
 *     {@code dataDir} unless set
 * @param databaseConnections to PostgreSQL, for requests, jobs and chunks; the control plane has a
 *     few more of its own
 * @param keepEvents how long months of events are kept
 * @param keepSends how long it is kept who got a campaign's mail; nothing means for ever
 * @param keepJobs how long jobs are kept after they have completed
 * @param requirePostalAddress no campaign goes out of a workspace that has none
 * @param segmentIndexMegabytes what indexes of contacts may take of the heap; 0 for no indexes
 * @param limits of requests to the API
 * @param bootstrapApiKey key of the first workspace; nothing means that one is made up
 */
public record NodeSettings(
        @Nullable Database database,
        @Nullable String redisUrl,
        Set<Role> roles,
        int port,
        @Nullable URI publicUrl,
        @Nullable URI trackingUrl,
        Path dataDir,
        Path sharedDir,
        Path localDir,
        ProviderName provider,
        Resend resend,
        Sandbox sandbox,
        @Nullable String bootstrapApiKey,
        int workerConcurrency,
        int databaseConnections,
        Duration lease,
        Duration keepJobs,
        Duration keepEvents,
        @Nullable Duration keepSends,
        boolean requirePostalAddress,
        int segmentIndexMegabytes,
        Limits limits) {

    public enum ProviderName {
        SANDBOX,
        RESEND
    }

    public record Database(String url, @Nullable String username, @Nullable String password) {}

    /**
     * @param rate requests per second of the account, all nodes together; 0 for no limit
     */
    public record Resend(
            @Nullable String apiKey, URI baseUrl, @Nullable String webhookSecret, int rate) {}

    /**
     * @param mailsADay what the sandboxes of all nodes take in a day, and
     * @param mailsAMonth in a month; 0 for no limit
     */
    public record Sandbox(int mailsADay, int mailsAMonth) {}

    /**
     * Requests a minute, on all nodes together; 0 for no limit.
     *
     * @param refusedPerAddress requests of one address whose key was refused
     */
    public record Limits(int perKey, int perWorkspace, int refusedPerAddress) {}

    private static final int MOST_REQUESTS = 100_000_000;
    private static final int MOST_CHUNKS_AT_A_TIME = 256;
    private static final int CONNECTIONS_FOR_REQUESTS_AND_JOBS = 16;

    /**
     * @throws SettingRefused naming the first key whose value cannot work
     */
    public static NodeSettings from(Map<String, String> variables) {
        Environment environment = new Environment(variables);
        ProviderName provider =
                environment.word(
                        "MAILGENIUS_PROVIDER",
                        environment.text("MAILGENIUS_PROVIDER").orElse("sandbox"),
                        ProviderName.class);
        int concurrency =
                environment.number(
                        "MAILGENIUS_WORKER_CONCURRENCY",
                        concurrencyFor(Runtime.getRuntime().availableProcessors()),
                        1,
                        MOST_CHUNKS_AT_A_TIME);
        Path dataDir = folder(environment, "MAILGENIUS_DATA_DIR").orElseGet(() -> absolute("data"));
        return new NodeSettings(
                database(environment),
                redisUrl(environment),
                roles(environment),
                environment.number("MAILGENIUS_PORT", 8080, 0, 65_535),
                environment.address("MAILGENIUS_PUBLIC_URL").orElse(null),
                environment.address("MAILGENIUS_TRACKING_URL").orElse(null),
                dataDir,
                folder(environment, "MAILGENIUS_SHARED_DIR").orElse(dataDir),
                folder(environment, "MAILGENIUS_LOCAL_DIR").orElse(dataDir),
                provider,
                resend(environment, provider),
                new Sandbox(
                        environment.number(
                                "MAILGENIUS_SANDBOX_DAILY_QUOTA", 0, 0, Integer.MAX_VALUE),
                        environment.number(
                                "MAILGENIUS_SANDBOX_MONTHLY_QUOTA", 0, 0, Integer.MAX_VALUE)),
                bootstrapApiKey(environment),
                concurrency,
                environment.number(
                        "MAILGENIUS_DATABASE_CONNECTIONS",
                        CONNECTIONS_FOR_REQUESTS_AND_JOBS + 2 * concurrency,
                        1,
                        1_000),
                environment.duration(
                        "MAILGENIUS_LEASE",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(10)),
                environment.duration(
                        "MAILGENIUS_KEEP_JOBS",
                        EngineSettings.DEFAULT_KEEP,
                        Duration.ofHours(1),
                        Duration.ofDays(3_650)),
                environment.duration(
                        "MAILGENIUS_KEEP_EVENTS",
                        Duration.ofDays(730),
                        Duration.ofDays(31),
                        Duration.ofDays(3_650)),
                environment
                        .duration(
                                "MAILGENIUS_KEEP_SENDS",
                                Duration.ofDays(31),
                                Duration.ofDays(3_650))
                        .orElse(null),
                environment.yesOrNo(
                        "MAILGENIUS_REQUIRE_POSTAL_ADDRESS", provider == ProviderName.RESEND),
                environment.number(
                        "MAILGENIUS_SEGMENT_INDEX_MEMORY",
                        megabytesFor(Runtime.getRuntime().maxMemory()),
                        0,
                        1_000_000),
                new Limits(
                        environment.number(
                                "MAILGENIUS_REQUESTS_PER_KEY", 300_000, 0, MOST_REQUESTS),
                        environment.number(
                                "MAILGENIUS_REQUESTS_PER_WORKSPACE", 600_000, 0, MOST_REQUESTS),
                        environment.number(
                                "MAILGENIUS_REFUSED_KEYS_PER_ADDRESS", 3_000, 0, MOST_REQUESTS)));
    }

    /** Of a heap of so many bytes a quarter. */
    static int megabytesFor(long heap) {
        return (int) Math.min(heap / 4 >> 20, 1_000_000);
    }

    /** A chunk waits for PostgreSQL or the network half of its time, so two go on one core. */
    static int concurrencyFor(int cores) {
        return Math.clamp(2L * cores, 2, 16);
    }

    private static @Nullable Database database(Environment environment) {
        Optional<String> url = environment.text("MAILGENIUS_DATABASE_URL");
        if (url.isEmpty()) {
            if (environment.text("MAILGENIUS_DATABASE_USERNAME").isPresent()) {
                throw new SettingRefused(
                        "MAILGENIUS_DATABASE_USERNAME is set but MAILGENIUS_DATABASE_URL is not:"
                                + " set both, or neither for the embedded PostgreSQL.");
            }
            return null;
        }
        if (!url.get().startsWith("jdbc:postgresql:")) {
            throw Environment.refused(
                    "MAILGENIUS_DATABASE_URL",
                    url.get(),
                    "set it to a JDBC URL such as jdbc:postgresql://localhost:5432/mailgenius");
        }
        return new Database(
                url.get(),
                environment.text("MAILGENIUS_DATABASE_USERNAME").orElse(null),
                environment.text("MAILGENIUS_DATABASE_PASSWORD").orElse(null));
    }

    private static @Nullable String redisUrl(Environment environment) {
        Optional<String> url = environment.text("MAILGENIUS_REDIS_URL");
        if (url.isPresent() && !url.get().matches("rediss?://[^/\\s].*")) {
            throw Environment.refused(
                    "MAILGENIUS_REDIS_URL",
                    url.get(),
                    "set it to a URL such as redis://localhost:6379");
        }
        return url.orElse(null);
    }

    private static Set<Role> roles(Environment environment) {
        String words = environment.text("MAILGENIUS_ROLES").orElse("api,manager,worker");
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : words.split(",", -1)) {
            roles.add(environment.word("MAILGENIUS_ROLES", word, Role.class));
        }
        return Collections.unmodifiableSet(roles);
    }

    private static Optional<Path> folder(Environment environment, String key) {
        Optional<String> path = environment.text(key);
        try {
            return path.map(NodeSettings::absolute);
        } catch (InvalidPathException noPath) {
            throw Environment.refused(key, path.orElseThrow(), "set it to a folder");
        }
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    private static Resend resend(Environment environment, ProviderName provider) {
        Resend resend =
                new Resend(
                        environment.text("RESEND_API_KEY").orElse(null),
                        environment
                                .address("MAILGENIUS_RESEND_BASE_URL")
                                .orElse(URI.create("https://api.resend.com")),
                        webhookSecret(environment),
                        environment.number("MAILGENIUS_RESEND_RATE", 5, 0, 1_000));
        if (provider == ProviderName.RESEND && resend.apiKey() == null) {
            throw new SettingRefused(
                    "RESEND_API_KEY is missing: MAILGENIUS_PROVIDER is \"resend\", which needs"
                            + " the key of an account (or set MAILGENIUS_PROVIDER to sandbox).");
        }
        return resend;
    }

    /** Several, separated by commas, while one replaces another. */
    private static @Nullable String webhookSecret(Environment environment) {
        Optional<String> secret = environment.text("MAILGENIUS_RESEND_WEBHOOK_SECRET");
        if (secret.isPresent()
                && !secret.get()
                        .matches("(whsec_)?[A-Za-z0-9+/=]+(,\\s*(whsec_)?[A-Za-z0-9+/=]+)*")) {
            throw new SettingRefused(
                    "MAILGENIUS_RESEND_WEBHOOK_SECRET cannot be what it is set to: copy the"
                            + " secret that begins with whsec_ from the webhook's page at Resend.");
        }
        return secret.orElse(null);
    }

    private static @Nullable String bootstrapApiKey(Environment environment) {
        Optional<String> key = environment.text("MAILGENIUS_BOOTSTRAP_API_KEY");
        if (key.isPresent() && !key.get().matches("[!-~]{16,200}")) {
            // Its value is a secret, so it is not repeated here.
            throw new SettingRefused(
                    "MAILGENIUS_BOOTSTRAP_API_KEY cannot be what it is set to: take 16 to 200"
                            + " printable ASCII characters without spaces.");
        }
        return key.orElse(null);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /** The roles in the words of the setting. */
    String rolesAsText() {
        return String.join(
                ",", roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    }
}
