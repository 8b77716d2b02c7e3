package io.mailgenius.api.node;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.engine.database.DatabaseTimeouts;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.jobs.people.WorkspaceFounding;
import io.mailgenius.jobs.workspaces.Workspaces;
import io.mailgenius.schema.JvmDefaults;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import sun.misc.Signal;

/**
 * A running node. Closing it lets requests and claimed chunks finish, and then stops everything
 * that it started.
 */
public final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /**
     * The default URL of links, for a node that serves no HTTP and has no MAILGENIUS_PUBLIC_URL.
     */
    private static final URI DEFAULT_PUBLIC_URL = URI.create("http://localhost:8080");

    private final ConfigurableApplicationContext context;
    private final NodeStores stores;
    private final int port;
    private final int managementPort;
    private final boolean https;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable String madeUpKey;
    private @Nullable String ownerLink;

    private Node(
            ConfigurableApplicationContext context,
            NodeStores stores,
            int port,
            int managementPort,
            boolean https) {
        this.context = context;
        this.stores = stores;
        this.port = port;
        this.managementPort = managementPort;
        this.https = https;
    }

    /**
     * @throws SettingRefused if a resource that the settings name cannot be used
     */
    public static Node start(NodeSettings settings) {
        JvmDefaults.fix();
        int port = free("MAILGENIUS_PORT", settings.port());
        Integer wanted = settings.management().port();
        int managementPort = wanted == null ? 0 : free("MAILGENIUS_MANAGEMENT_PORT", wanted);
        prepare(settings);
        NodeStores stores = NodeStores.open(settings);
        try {
            stores.logins().prepare();
            SecretsCommand.requireKeys(SecretsCommand.rotation(settings, stores), settings);
            Map<String, Object> properties = properties(settings, stores, port);
            properties.put("mailgenius.management-port", managementPort);
            properties.put("mailgenius.management-address", settings.management().address());
            properties.putAll(TlsProperties.of(settings.tls(), stores.redisUrl()));
            Node node =
                    new Node(
                            run(settings, properties),
                            stores,
                            port,
                            managementPort,
                            isHttps(settings));
            node.bootstrap(settings);
            return node;
        } catch (RuntimeException notStarted) {
            stores.close();
            throw StartFailures.explained(notStarted, settings, port);
        }
    }

    private static boolean isHttps(NodeSettings settings) {
        return settings.tls().certificate() != null;
    }

    private static int free(String key, int wanted) {
        if (wanted == 0) {
            return FreePort.any();
        }
        if (!FreePort.isFree(wanted)) {
            throw new SettingRefused(
                    key
                            + " cannot be "
                            + wanted
                            + ": another program listens on it; choose another, or 0 for any.");
        }
        return wanted;
    }

    private static void prepare(NodeSettings settings) {
        writable("MAILGENIUS_DATA_DIR", settings.dataDir(), settings.dataDir());
        writable("MAILGENIUS_SHARED_DIR", settings.sharedDir(), incoming(settings));
        writable("MAILGENIUS_LOCAL_DIR", settings.localDir(), settings.localDir());
    }

    private static void writable(String key, Path configured, Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw Environment.refused(
                    key, configured.toString(), "set it to a folder that can be written");
        }
    }

    /** On the disk of the uploads, so that a file that has arrived is only given another name. */
    private static Path incoming(NodeSettings settings) {
        return settings.sharedDir().resolve("incoming");
    }

    private static ConfigurableApplicationContext run(
            NodeSettings settings, Map<String, Object> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("node", properties));
        SpringApplication application = new SpringApplication(NodeContext.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        // The embedded servers must outlive the application context, so the node closes both in
        // this order.
        application.setRegisterShutdownHook(false);
        application.setEnvironment(environment);
        application.addInitializers(
                context -> context.getBeanFactory().registerSingleton("nodeSettings", settings));
        return application.run();
    }

    /** Translates the settings into Spring properties. */
    private static Map<String, Object> properties(
            NodeSettings settings, NodeStores stores, int port) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Database database = stores.database();
        properties.put("spring.datasource.url", database.url());
        if (database.username() != null) {
            properties.put("spring.datasource.username", database.username());
        }
        if (database.password() != null) {
            properties.put("spring.datasource.password", database.password());
        }
        properties.put(
                "spring.datasource.hikari.maximum-pool-size", settings.databaseConnections());
        properties.putAll(DatabaseTimeouts.of(settings.lease()));
        properties.put("spring.data.redis.url", stores.redisUrl());
        properties.put("spring.profiles.active", settings.rolesAsText());
        properties.put("server.port", port);
        properties.put("spring.servlet.multipart.location", incoming(settings).toString());
        properties.put("springdoc.api-docs.enabled", settings.has(Role.API));
        properties.put("springdoc.swagger-ui.enabled", settings.has(Role.API));
        properties.put("mailgenius.provider", settings.provider().name().toLowerCase(Locale.ROOT));
        properties.put("mailgenius.require-postal-address", settings.requirePostalAddress());
        properties.put(
                "mailgenius.webhooks-to-private-addresses", settings.webhooksToPrivateAddresses());
        properties.put(
                "mailgenius.segment-index-memory", (long) settings.segmentIndexMegabytes() << 20);
        properties.put("mailgenius.requests-per-key", settings.limits().perKey());
        properties.put("mailgenius.requests-per-workspace", settings.limits().perWorkspace());
        properties.put(
                "mailgenius.refused-keys-per-address", settings.limits().refusedPerAddress());
        properties.putAll(settings.people().properties());
        properties.put("mailgenius.data-dir", settings.dataDir().toString());
        properties.put("mailgenius.shared-dir", settings.sharedDir().toString());
        properties.put("mailgenius.local-dir", settings.localDir().toString());
        properties.put("mailgenius.master-keys-file", settings.masterKeysFile().toString());
        URI publicUrl = publicUrl(settings, port);
        properties.put("mailgenius.public-url", publicUrl.toString());
        properties.put(
                "mailgenius.tracking-url",
                Objects.requireNonNullElse(settings.trackingUrl(), publicUrl).toString());
        properties.putAll(settings.watching().properties());
        properties.put("mailgenius.keep-events", settings.keepEvents().toString());
        properties.put("mailgenius.keep-uploads", settings.keepUploads().toString());
        if (settings.keepSends() != null) {
            properties.put("mailgenius.keep-sends", settings.keepSends().toString());
        }
        return properties;
    }

    private static URI publicUrl(NodeSettings settings, int port) {
        URI configured = settings.publicUrl();
        if (configured != null) {
            return configured;
        }
        if (settings.has(Role.API)) {
            return URI.create((isHttps(settings) ? "https" : "http") + "://localhost:" + port);
        }
        if (settings.has(Role.WORKER)) {
            LOG.warn("MAILGENIUS_PUBLIC_URL is not set: links in mails use {}", DEFAULT_PUBLIC_URL);
        }
        return DEFAULT_PUBLIC_URL;
    }

    /**
     * The first node that starts creates the first workspace. A generated key is available only
     * here, because the database stores its hash.
     */
    private void bootstrap(NodeSettings settings) {
        if (!settings.has(Role.API)) {
            return;
        }
        Workspaces workspaces = context.getBean(Workspaces.class);
        String configured = settings.bootstrapApiKey();
        String key = configured != null ? configured : workspaces.newApiKey();
        OptionalLong first = workspaces.bootstrap("default", key);
        boolean made = first.isPresent();
        if (made) {
            ownerLink =
                    context.getBean(WorkspaceFounding.class).invite(first.getAsLong(), null).link();
        }
        if (made && configured == null) {
            madeUpKey = key;
        } else if (!made && configured != null && workspaces.bearer(configured).isEmpty()) {
            LOG.warn(
                    "MAILGENIUS_BOOTSTRAP_API_KEY is not used: the first workspace was created with"
                            + " another key");
        }
    }

    /**
     * The generated key of the first workspace, if this start created it without a configured key.
     */
    public Optional<String> madeUpKey() {
        return Optional.ofNullable(madeUpKey);
    }

    /** Where the first owner joins the first workspace, if this start created it; works once. */
    public Optional<String> ownerLink() {
        return Optional.ofNullable(ownerLink);
    }

    /** Whether the port is free. */
    public static boolean isFree(int port) {
        return FreePort.isFree(port);
    }

    public URI url() {
        return URI.create((https ? "https" : "http") + "://localhost:" + port);
    }

    /** The port of metrics and nodes; 0 if the settings name none. */
    public int managementPort() {
        return managementPort;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /**
     * Shuts the node down on SIGINT and SIGTERM. The shutdown hooks of the embedded servers would
     * run concurrently with one of ours and stop the servers while claimed chunks still finish. A
     * second signal ends the process immediately.
     */
    public void stopOnSignals() {
        for (String name : new String[] {"TERM", "INT"}) {
            // The signal-handling thread does not keep the JVM alive, and during the shutdown no
            // other thread may; a non-daemon thread performs it.
            Signal.handle(
                    new Signal(name),
                    signal ->
                            Thread.ofPlatform()
                                    .name("leaving")
                                    .daemon(false)
                                    .start(() -> leave(128 + signal.getNumber())));
        }
    }

    private void leave(int code) {
        close();
        System.exit(code);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            context.close();
            stores.close();
        }
    }
}
