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

/** The nodes: two managers that also answer HTTP, three workers, and whoever replaces them. */
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

    /** They live for minutes: what the better compiler costs never comes back. */
    private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    /** A node may take 25 seconds to leave, and some to end. */
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
     * @param rate requests per second that the provider's account allows; 0 for no limit
     */
    Members(Order order, Servers servers, URI provider, String key, int rate) {
        this(order, servers, provider, key, rate, SHORT_LIVED, Map.of());
    }

    /**
     * @param options for the JVM, besides those that this one was started with
     * @param more settings, which come before those of the chaos test
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
        // Whatever becomes of the director, nobody is left behind.
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * The setting for the size of a node's pool of connections.
     *
     * @param connections 0 for as many as it takes by itself
     */
    static Map<String, String> connections(int connections) {
        return connections == 0
                ? Map.of()
                : Map.of("MAILGENIUS_DATABASE_CONNECTIONS", Integer.toString(connections));
    }

    /** From now on nodes reach their servers by relays of their own. */
    void putBehindRelays() {
        behindRelays = true;
    }

    Member start(String roles) throws IOException {
        return startAhead(roles, Duration.ZERO);
    }

    /**
     * @param ahead how far the clock of its machine is
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

    /** How the launcher has started this process, and would start a node. */
    private static List<String> ofThisJvm() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(it -> it.matches("-XX:.*|-Xm.*"))
                .toList();
    }

    /** One with all roles; answers when it is up. */
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

    /** Whatever has a default keeps it, the lease above all. */
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

    /** All ways to PostgreSQL die, those of all nodes. */
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

    /** Tells all to leave, as an operator does, and answers who did not do it well. */
    List<String> leave() throws InterruptedException {
        List<Member> leaving = all.stream().filter(it -> it.process().isAlive()).toList();
        List<String> complaints = new ArrayList<>();
        leaving.forEach(Member::tellToLeave);
        for (Member member : leaving) {
            complaints.addAll(left(member));
        }
        return complaints;
    }

    /** Waits until one that was told to leave has. */
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
            // The director is ending: the hook does the same as this.
        }
    }
}
