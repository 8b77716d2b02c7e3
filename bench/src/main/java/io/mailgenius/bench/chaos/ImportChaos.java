package io.mailgenius.bench.chaos;

import io.mailgenius.api.client.Client;
import io.mailgenius.api.samples.SampleContacts;
import io.mailgenius.api.samples.SampleContacts.Expected;
import io.mailgenius.bench.verify.ImportVerifier;
import io.mailgenius.bench.verify.ImportVerifier.ImportVerdict;
import io.mailgenius.bench.verify.LedgerObserver;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * Imports a file through real nodes, kills workers and a manager meanwhile, and checks each row.
 */
public final class ImportChaos {

    private static final String KEY = "key-of-the-chaos-test";
    private static final int MANAGERS = 2;
    private static final int WORKERS = 3;

    /**
     * The second of this many kills, and every such one after it, hits the manager that runs the
     * job.
     */
    private static final int EVERY = 4;

    /** With more kills, starting nodes would occupy all cores and the import would not end. */
    private static final int KILLS = 8;

    private static final int LEAST_APART_MILLIS = 3_000;
    private static final int MOST_APART_MILLIS = 9_000;
    private static final long POLL_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** Not used: nothing is mailed, and a connection would be refused. */
    private static final URI NO_PROVIDER = URI.create("http://localhost:9");

    private final Order order;
    private final Members members;
    private final LedgerObserver ledgerObserver;
    private final ChaosMailing user;
    private final Random random;
    private int workersKilled;
    private int managersKilled;

    private ImportChaos(Order order, Members members, LedgerObserver ledgerObserver) {
        this.order = order;
        this.members = members;
        this.ledgerObserver = ledgerObserver;
        this.user = new ChaosMailing(members, KEY);
        this.random = new Random(order.seed());
    }

    /** Ends when the import has ended. */
    public static ChaosOutcome run(Order order) throws IOException, InterruptedException {
        FileSystemUtils.deleteRecursively(order.folder());
        Files.createDirectories(order.folder());
        try (Servers servers = new Servers(order.folder());
                Members members = new Members(order, servers, NO_PROVIDER, KEY)) {
            ChaosDatabase db = servers.database();
            LedgerObserver ledgerObserver =
                    new LedgerObserver(db.jdbcUrl(), db.username(), db.password());
            return new ImportChaos(order, members, ledgerObserver).run(db);
        }
    }

    private ChaosOutcome run(ChaosDatabase db) throws IOException, InterruptedException {
        for (int n = 0; n < MANAGERS; n++) {
            members.start(Members.MANAGER);
        }
        for (int n = 0; n < WORKERS; n++) {
            members.start(Members.WORKER);
        }
        while (members.up(Members.MANAGER).size() < MANAGERS
                || members.up(Members.WORKER).size() < WORKERS) {
            Thread.sleep(POLL_MILLIS);
        }
        Path file = order.folder().resolve("contacts.csv");
        Expected expected;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            expected = new SampleContacts(order.mails(), order.seed()).writeTo(out);
        }
        long id;
        try (Client client = user.client()) {
            id = client.upload("/api/v1/imports", file, Map.of()).path("id").asLong();
        }
        Instant begun = Instant.now();
        JsonNode view = killUntilItEnds("/api/v1/imports/" + id);
        double seconds = Duration.between(begun, Instant.now()).toMillis() / 1000.0;
        ImportVerdict verdict =
                new ImportVerifier(db.jdbcUrl(), db.username(), db.password()).verify(file, id);
        return outcome(view, expected, verdict, seconds);
    }

    private JsonNode killUntilItEnds(String path) throws IOException, InterruptedException {
        Instant next = Instant.now().plus(pause());
        for (Instant end = Instant.now().plus(PATIENCE); Instant.now().isBefore(end); ) {
            Optional<JsonNode> view = user.look(path);
            if (view.isPresent()
                    && !List.of("PENDING", "RUNNING")
                            .contains(view.get().path("status").asString())) {
                return view.get();
            }
            if (Instant.now().isAfter(next) && workersKilled + managersKilled < KILLS) {
                kill();
                next = Instant.now().plus(pause());
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new IOException("The import did not end within " + PATIENCE);
    }

    private Duration pause() {
        return Duration.ofMillis(random.nextInt(LEAST_APART_MILLIS, MOST_APART_MILLIS));
    }

    /** One node of each role is spared. */
    private void kill() throws IOException, InterruptedException {
        boolean manager = (workersKilled + managersKilled) % EVERY == 1;
        String roles = manager ? Members.MANAGER : Members.WORKER;
        List<Member> up = members.up(roles);
        if (up.size() > 1) {
            up.stream()
                    .filter(it -> manager && ledgerObserver.runsJob(it.pid()))
                    .findFirst()
                    .orElseGet(() -> up.get(random.nextInt(up.size())))
                    .kill();
            members.start(roles);
            if (manager) {
                managersKilled++;
            } else {
                workersKilled++;
            }
        }
    }

    private ChaosOutcome outcome(
            JsonNode view, Expected expected, ImportVerdict verdict, double seconds) {
        JsonNode rows = view.path("rows");
        Map<String, Long> wanted = new LinkedHashMap<>();
        wanted.put("read", expected.rows());
        wanted.put("created", expected.valid());
        wanted.put("updated", 0L);
        wanted.put("unchanged", 0L);
        wanted.put("duplicate", expected.duplicate());
        wanted.put("rejected", expected.bad());
        List<String> complaints = new ArrayList<>();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", order.seed());
        figures.put("seconds", seconds);
        figures.put("workersKilled", workersKilled);
        figures.put("managersKilled", managersKilled);
        figures.put("status", view.path("status").asString());
        wanted.forEach(
                (name, value) -> {
                    long is = rows.path(name).asLong();
                    figures.put(name, is);
                    if (is != value) {
                        complaints.add(
                                String.format(
                                        Locale.ROOT, "%s is %,d and not %,d", name, is, value));
                    }
                });
        figures.put("people", verdict.people());
        figures.put("missing", verdict.missing());
        figures.put("foreign", verdict.foreign());
        figures.put("outdated", verdict.outdated());
        figures.put("chunksBegunAgain", verdict.repeated());
        if (verdict.missing() + verdict.foreign() + verdict.outdated() > 0) {
            complaints.add("The contacts are not those of the file: " + verdict);
        }
        if (verdict.people() != expected.valid()) {
            complaints.add(
                    String.format(Locale.ROOT, "The verifier read %,d people", verdict.people()));
        }
        if (verdict.repeated() == 0) {
            complaints.add("No kill met a chunk in hand: it proves nothing");
        }
        return new ChaosOutcome(complaints, figures);
    }
}
