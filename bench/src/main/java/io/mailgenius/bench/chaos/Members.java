package io.mailgenius.bench.chaos;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The nodes: two managers with the role {@code api}, three workers, and their replacements. */
final class Members implements AutoCloseable {

    static final String MANAGER = "api,manager";
    static final String WORKER = "worker";
    static final String ALL = "api,manager,worker";

    /** Far longer than any lease. */
    static final Duration AHEAD = Duration.ofMinutes(11);

    private static final long POLL_MILLIS = 50;

    /**
     * One at a time, because at the pace of the test several chunks would take longer than a
     * recovery.
     */
    private static final int CHUNKS_AT_A_TIME = 1;

    /** These nodes live for minutes, too short for the optimizing compiler to pay off. */
    private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    /** A node may take 25 seconds to stop, and some more to exit. */
    private static final long LEAVES_WITHIN_SECONDS = 45;

    private final Order order;
    private final Servers servers;
    private final URI provider;
    private final String key;
    private final int rate;
    private final List<String> options;
    private final Map<String, String> more;
    private final List<Member> all = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::killAll);
    private volatile boolean behindRelays;

    Members(Order order, Servers servers, URI provider, String key) {
        this(order, servers, provider, key, 0);
    }

    /**
     * @param rate requests per second that the provider's account permits; 0 for no limit
     */
    Members(Order order, Servers servers, URI provider, String key, int rate) {
        this(order, servers, provider, key, rate, SHORT_LIVED, Map.of());
    }

    /**
     * @param options JVM options besides those of this process
     * @param more settings, which override those of the chaos test
     */
    Members(
            Order order,
            Servers servers,
            URI provider,
            String key,
            int rate,
            List<String> options,
            Map<String, String> more) {
        this.rate = rate;
        this.options = options;
        this.more = more;
        this.order = order;
        this.servers = servers;
        this.provider = provider;
        this.key = key;
        // No node survives this process, however it ends.
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * The setting for the connection pool of a node.
     *
     * @param connections 0 for the default
     */
    static Map<String, String> connections(int connections) {
        return connections == 0
                ? Map.of()
                : Map.of("MAILGENIUS_DATABASE_CONNECTIONS", Integer.toString(connections));
    }

    /** From now on nodes connect to their servers through relays. */
    void putBehindRelays() {
        behindRelays = true;
    }

    Member start(String roles) throws IOException {
        return startAhead(roles, Duration.ZERO);
    }

    /**
     * @param ahead the offset of its machine's clock
     */
    Member startAhead(String roles, Duration ahead) throws IOException {
        String name = (roles.equals(WORKER) ? "worker-" : "manager-") + (all.size() + 1);
        Path log = order.folder().resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ofThisJvm());
        command.addAll(options);
        if (!ahead.isZero()) {
            command.add("-Dmailgenius.clock-ahead=" + ahead);
        }
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(order.program());
        command.add("serve");
        ProcessBuilder node = new ProcessBuilder(command);
        Relays relays = behindRelays ? Relays.inFrontOf(servers, provider) : null;
        settings(node, roles, relays);
        Process process = node.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Member member = new Member(name, roles, process, log, relays);
        all.add(member);
        return member;
    }

    /** The options with which the launcher started this process, and would start a node. */
    private static List<String> ofThisJvm() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(it -> it.matches("-XX:.*|-Xm.*"))
                .toList();
    }

    /** Starts a node with all roles; returns when it is up. */
    Member startAll() throws IOException, InterruptedException {
        Member node = start(ALL);
        while (!node.up()) {
            if (!node.process().isAlive()) {
                throw new IOException("The node ended: " + node.lastWords());
            }
            Thread.sleep(POLL_MILLIS);
        }
        return node;
    }

    /** Leaves defaults unchanged where possible, in particular the lease. */
    private void settings(ProcessBuilder node, String roles, @Nullable Relays relays) {
        ChaosDatabase database = servers.database();
        String jdbcUrl = servers.jdbcUrl();
        String redisUrl = servers.redisUrl();
        String providerUrl = provider.toString();
        var environment = node.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAILGENIUS_"));
        environment.put("MAILGENIUS_ROLES", roles);
        environment.put(
                "MAILGENIUS_DATABASE_URL",
                relays == null ? jdbcUrl : relays.postgres().instead(jdbcUrl));
        environment.put("MAILGENIUS_DATABASE_USERNAME", database.username());
        environment.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
        environment.put(
                "MAILGENIUS_REDIS_URL",
                relays == null ? redisUrl : relays.redis().instead(redisUrl));
        environment.put("MAILGENIUS_PORT", "0");
        environment.put("MAILGENIUS_DATA_DIR", order.folder().resolve("data").toString());
        environment.put("MAILGENIUS_PUBLIC_URL", "http://mail.example.com");
        environment.put("MAILGENIUS_BOOTSTRAP_API_KEY", key);
        environment.put("MAILGENIUS_WORKER_CONCURRENCY", Integer.toString(CHUNKS_AT_A_TIME));
        environment.put("MAILGENIUS_PROVIDER", "resend");
        environment.put("RESEND_API_KEY", "re_chaos");
        environment.put(
                "MAILGENIUS_RESEND_BASE_URL",
                relays == null ? providerUrl : relays.provider().instead(providerUrl));
        environment.put("MAILGENIUS_REQUIRE_POSTAL_ADDRESS", "false");
        environment.put("MAILGENIUS_RESEND_RATE", Integer.toString(rate));
        if (roles.equals(ALL)) {
            environment.remove("MAILGENIUS_WORKER_CONCURRENCY");
        }
        environment.putAll(more);
    }

    /** Drops the connections of all nodes to PostgreSQL. */
    void forgetDatabase() {
        all.stream()
                .filter(member -> member.process().isAlive())
                .forEach(member -> member.relays().postgres().forget());
    }

    List<Member> all() {
        return all;
    }

    List<Member> up(String roles) {
        return all.stream().filter(it -> it.roles().equals(roles) && it.up()).toList();
    }

    List<Member> fallen() {
        return all.stream().filter(Member::fallen).toList();
    }

    /** Stops all nodes like an operator; returns errors. */
    List<String> leave() throws InterruptedException {
        List<Member> leaving = all.stream().filter(it -> it.process().isAlive()).toList();
        List<String> complaints = new ArrayList<>();
        leaving.forEach(Member::tellToLeave);
        for (Member member : leaving) {
            complaints.addAll(left(member));
        }
        return complaints;
    }

    /** Waits until a node that was stopped has exited. */
    static List<String> left(Member member) throws InterruptedException {
        if (!member.process().waitFor(LEAVES_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "%s did not leave within %d seconds of SIGTERM",
                            member.name(),
                            LEAVES_WITHIN_SECONDS));
        }
        int code = member.process().exitValue();
        return code == 128 + 15
                ? List.of()
                : List.of(
                        String.format(
                                Locale.ROOT,
                                "%s ended with %d after SIGTERM",
                                member.name(),
                                code));
    }

    private void killAll() {
        all.forEach(member -> member.process().destroyForcibly());
    }

    @Override
    public void close() throws InterruptedException, IOException {
        for (Member member : all) {
            member.kill();
            member.closeRelays();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itRunsAlready) {
            // This process is exiting, and the hook does the same.
        }
    }
}
