package io.mailgenius.api.node;

import io.mailgenius.engine.settings.EngineSettings;
import io.mailgenius.engine.settings.Role;
import java.net.URI;
import java.nio.file.Files;
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
 * The validated settings of a node.
 *
 * @param database the PostgreSQL server; null for the embedded one
 * @param redisUrl the Redis server; null for the embedded one
 * @param port 0 for any free port
 * @param management the port for operators
 * @param tls the certificates of this node and of the servers that it connects to
 * @param publicUrl the URL at which a node with the role {@code api} is reachable from outside: the
 *     base of the links in mails
 * @param trackingUrl the base of tracked links; null for the public URL
 * @param dataDir the folder of the embedded stores
 * @param sharedDir the folder of uploads, which all nodes must see; {@code dataDir} by default
 * @param localDir the folder of the journal, which no other node may write to; {@code dataDir} by
 *     default
 * @param masterKeysFile the keys that encrypt stored secrets, which all nodes must see; {@code
 *     master-keys.json} in {@code sharedDir} by default
 * @param databaseConnections the size of the main pool, for requests, jobs and chunks; the control
 *     plane has a small pool of its own
 * @param keepEvents how long monthly partitions of events are kept
 * @param keepSends how long the sends of campaigns are kept; null for unlimited
 * @param keepJobs how long completed jobs are kept
 * @param keepUploads how long uploaded files are kept after their import has completed
 * @param requirePostalAddress whether a workspace without a postal address may not send campaigns
 * @param webhooksToPrivateAddresses whether endpoints may have private addresses
 * @param segmentIndexMegabytes the heap limit of contact indexes; 0 for no indexes
 * @param limits the rate limits of API requests
 * @param people how people sign in
 * @param watching what the node reports about itself, and to whom
 * @param bootstrapApiKey the key of the first workspace; null for a generated one
 */
public record NodeSettings(
        @Nullable Database database,
        @Nullable String redisUrl,
        Set<Role> roles,
        int port,
        Management management,
        Tls tls,
        @Nullable URI publicUrl,
        @Nullable URI trackingUrl,
        Path dataDir,
        Path sharedDir,
        Path localDir,
        Path masterKeysFile,
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
        Duration keepUploads,
        boolean requirePostalAddress,
        boolean webhooksToPrivateAddresses,
        int segmentIndexMegabytes,
        Limits limits,
        PeopleSettings people,
        WatchSettings watching) {

    public enum ProviderName {
        SANDBOX,
        RESEND
    }

    /**
     * @param username the login of the node; null if the URL names it
     * @param owner the login that owns and migrates the tables; null if that is the login of the
     *     node, or if other nodes migrate
     */
    public record Database(
            String url,
            @Nullable String username,
            @Nullable String password,
            @Nullable Login owner) {}

    /**
     * The port of metrics and nodes.
     *
     * @param port null for none, 0 for any free port
     * @param address at which the port is opened
     */
    public record Management(@Nullable Integer port, String address) {}

    /**
     * Files in PEM format.
     *
     * @param authorities whom the certificates of PostgreSQL and Redis must come from; null for
     *     what the JDBC URL and the JDK say
     * @param certificate of this node for HTTPS, with its intermediate ones; null for HTTP
     * @param key the private key of the certificate
     */
    public record Tls(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {}

    public record Login(String username, @Nullable String password) {}

    /**
     * @param rate requests per second of the account, over all nodes; 0 for no limit
     */
    public record Resend(
            @Nullable String apiKey, URI baseUrl, @Nullable String webhookSecret, int rate) {}

    /**
     * @param mailsADay the daily limit over the sandboxes of all nodes
     * @param mailsAMonth the monthly limit; 0 for no limit
     */
    public record Sandbox(int mailsADay, int mailsAMonth) {}

    /**
     * Limits of requests per minute, over all nodes; 0 for no limit.
     *
     * @param refusedPerAddress requests of one address whose key was refused
     */
    public record Limits(int perKey, int perWorkspace, int refusedPerAddress) {}

    private static final int MOST_REQUESTS = 100_000_000;
    private static final int MOST_CHUNKS_AT_A_TIME = 256;
    private static final int CONNECTIONS_FOR_REQUESTS_AND_JOBS = 16;

    /**
     * @throws SettingRefused naming the first invalid setting
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
        Path sharedDir = folder(environment, "MAILGENIUS_SHARED_DIR").orElse(dataDir);
        return new NodeSettings(
                database(environment),
                redisUrl(environment),
                roles(environment),
                environment.number("MAILGENIUS_PORT", 8080, 0, 65_535),
                management(environment),
                tls(environment),
                environment.address("MAILGENIUS_PUBLIC_URL").orElse(null),
                environment.address("MAILGENIUS_TRACKING_URL").orElse(null),
                dataDir,
                sharedDir,
                folder(environment, "MAILGENIUS_LOCAL_DIR").orElse(dataDir),
                path(environment, "MAILGENIUS_MASTER_KEYS_FILE", "a file")
                        .orElseGet(() -> sharedDir.resolve("master-keys.json")),
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
                environment.duration(
                        "MAILGENIUS_KEEP_UPLOADS",
                        Duration.ofDays(90),
                        Duration.ofDays(1),
                        Duration.ofDays(3_650)),
                environment.yesOrNo(
                        "MAILGENIUS_REQUIRE_POSTAL_ADDRESS", provider == ProviderName.RESEND),
                environment.yesOrNo("MAILGENIUS_WEBHOOKS_TO_PRIVATE_ADDRESSES", false),
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
                                "MAILGENIUS_REFUSED_KEYS_PER_ADDRESS", 3_000, 0, MOST_REQUESTS)),
                PeopleSettings.from(environment),
                WatchSettings.from(environment));
    }

    /** A quarter of the heap. */
    static int megabytesFor(long heap) {
        return (int) Math.min(heap / 4 >> 20, 1_000_000);
    }

    /** Two per core, because a chunk waits for PostgreSQL or the network half of its time. */
    static int concurrencyFor(int cores) {
        return Math.clamp(2L * cores, 2, 16);
    }

    private static Management management(Environment environment) {
        String key = "MAILGENIUS_MANAGEMENT_PORT";
        return new Management(
                environment.text(key).isEmpty() ? null : environment.number(key, 0, 0, 65_535),
                environment.text("MAILGENIUS_MANAGEMENT_ADDRESS").orElse("127.0.0.1"));
    }

    private static Tls tls(Environment environment) {
        Path certificate = file(environment, "MAILGENIUS_TLS_CERTIFICATE");
        Path key = file(environment, "MAILGENIUS_TLS_KEY");
        if ((certificate == null) != (key == null)) {
            throw new SettingRefused(
                    (certificate == null
                                    ? "MAILGENIUS_TLS_KEY is set but MAILGENIUS_TLS_CERTIFICATE"
                                    : "MAILGENIUS_TLS_CERTIFICATE is set but MAILGENIUS_TLS_KEY")
                            + " is not: set both for HTTPS, or neither.");
        }
        return new Tls(file(environment, "MAILGENIUS_TLS_AUTHORITIES"), certificate, key);
    }

    private static @Nullable Path file(Environment environment, String key) {
        Optional<Path> file = folder(environment, key);
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw Environment.refused(
                    key, file.get().toString(), "set it to a PEM file that can be read");
        }
        return file.orElse(null);
    }

    private static @Nullable Database database(Environment environment) {
        Optional<String> url = environment.text("MAILGENIUS_DATABASE_URL");
        if (url.isEmpty()) {
            for (String login :
                    new String[] {
                        "MAILGENIUS_DATABASE_USERNAME",
                        "MAILGENIUS_DATABASE_OWNER_USERNAME",
                        "MAILGENIUS_DATABASE_OWNER_PASSWORD"
                    }) {
                if (environment.text(login).isPresent()) {
                    throw new SettingRefused(
                            login
                                    + " is set but MAILGENIUS_DATABASE_URL is not:"
                                    + " set both, or neither for the embedded PostgreSQL.");
                }
            }
            return null;
        }
        if (!url.get().startsWith("jdbc:postgresql:")) {
            throw Environment.refused(
                    "MAILGENIUS_DATABASE_URL",
                    WithoutPassword.of(url.get()),
                    "set it to a JDBC URL such as jdbc:postgresql://localhost:5432/mailgenius");
        }
        return new Database(
                TlsProperties.jdbcUrl(url.get(), file(environment, "MAILGENIUS_TLS_AUTHORITIES")),
                environment.text("MAILGENIUS_DATABASE_USERNAME").orElse(null),
                environment.text("MAILGENIUS_DATABASE_PASSWORD").orElse(null),
                owner(environment));
    }

    private static @Nullable Login owner(Environment environment) {
        String password = environment.text("MAILGENIUS_DATABASE_OWNER_PASSWORD").orElse(null);
        Optional<String> username = environment.text("MAILGENIUS_DATABASE_OWNER_USERNAME");
        if (username.isEmpty() && password != null) {
            throw new SettingRefused(
                    "MAILGENIUS_DATABASE_OWNER_PASSWORD is set but"
                            + " MAILGENIUS_DATABASE_OWNER_USERNAME is not: set both, or neither.");
        }
        if (username.isPresent() && environment.text("MAILGENIUS_DATABASE_USERNAME").isEmpty()) {
            throw new SettingRefused(
                    "MAILGENIUS_DATABASE_OWNER_USERNAME is set but MAILGENIUS_DATABASE_USERNAME is"
                            + " not: name the login with which the node works after migrating.");
        }
        return username.map(name -> new Login(name, password)).orElse(null);
    }

    private static @Nullable String redisUrl(Environment environment) {
        Optional<String> url = environment.text("MAILGENIUS_REDIS_URL");
        if (url.isPresent() && !url.get().matches("rediss?://[^/\\s].*")) {
            throw Environment.refused(
                    "MAILGENIUS_REDIS_URL",
                    WithoutPassword.of(url.get()),
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
        return path(environment, key, "a folder");
    }

    private static Optional<Path> path(Environment environment, String key, String what) {
        Optional<String> path = environment.text(key);
        try {
            return path.map(NodeSettings::absolute);
        } catch (InvalidPathException noPath) {
            throw Environment.refused(key, path.orElseThrow(), "set it to " + what);
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

    /** One or several secrets, separated by commas, so that they can be rotated. */
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
            // The value is a secret, so the message does not repeat it.
            throw new SettingRefused(
                    "MAILGENIUS_BOOTSTRAP_API_KEY cannot be what it is set to: take 16 to 200"
                            + " printable ASCII characters without spaces.");
        }
        return key.orElse(null);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /** The roles as the setting spells them. */
    String rolesAsText() {
        return String.join(
                ",", roles.stream().map(role -> role.name().toLowerCase(Locale.ROOT)).toList());
    }
}
