package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Nodes that are processes of their own, of the jar as it is shipped, on one set of stores. */
public final class Cluster implements AutoCloseable {

    private static final String KEY = "test-key-of-the-cluster";
    private static final Path JAR =
            Path.of("..", "api", "target", "mailgenius-program.jar").toAbsolutePath().normalize();
    private static final Pattern RUNS = Pattern.compile("MailGenius runs at (http://\\S+)");

    /** A machine that does much else takes its time; a failure does not, it is seen at once. */
    private static final Duration SOON = Duration.ofMinutes(4);

    private final TestDatabase database = TestDatabase.create();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final List<Member> members = new ArrayList<>();

    public Cluster(Path folder) {
        assertThat(JAR).as("built by the phase package").exists();
        this.folder = folder;
    }

    /** A process, and where what it says is kept. */
    public record Member(String roles, Process process, Path log) {

        /** The start of a node's id is its host and this. */
        boolean owns(String node) {
            return node.contains("-" + process.pid() + "-");
        }

        URI url() {
            Matcher runs = RUNS.matcher(read(log));
            return runs.find() ? URI.create(runs.group(1)) : URI.create("");
        }
    }

    public Member start(String roles) throws IOException {
        return start(roles, Map.of());
    }

    /**
     * @param settings besides those that all nodes of a cluster share
     */
    public Member start(String roles, Map<String, String> settings) throws IOException {
        Path log = folder.resolve("node-" + members.size() + ".log");
        ProcessBuilder node =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        // They live for a minute: what the better compiler costs never comes back.
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        JAR.toString(),
                        "serve");
        var environment = node.environment();
        environment.keySet().removeIf(key -> key.startsWith("MAILGENIUS_"));
        environment.put("MAILGENIUS_ROLES", roles);
        environment.put("MAILGENIUS_DATABASE_URL", database.url());
        environment.put("MAILGENIUS_DATABASE_USERNAME", database.username());
        environment.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
        environment.put("MAILGENIUS_REDIS_URL", TestRedis.uri().toString());
        environment.put("MAILGENIUS_PORT", "0");
        environment.put("MAILGENIUS_DATA_DIR", folder.resolve("data").toString());
        environment.put("MAILGENIUS_PUBLIC_URL", "http://mail.example.com");
        environment.put("MAILGENIUS_BOOTSTRAP_API_KEY", KEY);
        environment.put("MAILGENIUS_WORKER_CONCURRENCY", "2");
        environment.put("MAILGENIUS_LEASE", "5s");
        environment.putAll(settings);
        Member member =
                new Member(
                        roles,
                        node.redirectErrorStream(true).redirectOutput(log.toFile()).start(),
                        log);
        members.add(member);
        return member;
    }

    public void awaitStarted() {
        for (Member member : members) {
            await().atMost(SOON)
                    .until(
                            () -> {
                                assertThat(member.process.isAlive()).as(read(member.log)).isTrue();
                                return !member.url().toString().isEmpty();
                            });
        }
    }

    public JsonNode get(String path) throws Exception {
        return answer(request(path).GET());
    }

    public JsonNode post(String path, String body) throws Exception {
        return post(KEY, path, body);
    }

    public JsonNode post(String key, String path, String body) throws Exception {
        return answer(
                request(path)
                        .setHeader("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    public JsonNode upload(Path file) throws Exception {
        String boundary = "boundary-of-the-cluster-test";
        String part =
                "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n"
                        .formatted(boundary, file.getFileName());
        return answer(
                request("/api/v1/imports")
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(part),
                                        BodyPublishers.ofFile(file),
                                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(members.getFirst().url().resolve(path))
                .header("Authorization", "Bearer " + KEY);
    }

    private JsonNode answer(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        assertThat(response.statusCode() / 100).as(response.body()).isEqualTo(2);
        return JsonMapper.shared().readTree(response.body());
    }

    /** Waits for what is still under way, and fails at once when it ends otherwise. */
    public JsonNode until(String path, String wanted, List<String> onTheWay) {
        return await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            JsonNode view = get(path);
                            assertThat(view.path("status").asString())
                                    .as(view.toString())
                                    .isIn(with(onTheWay, wanted));
                            return view;
                        },
                        view -> view.path("status").asString().equals(wanted));
    }

    private static List<String> with(List<String> words, String word) {
        List<String> all = new ArrayList<>(words);
        all.add(word);
        return all;
    }

    public TestDatabase database() {
        return database;
    }

    /** Looks past row-level security. */
    public JdbcClient owner() {
        return JdbcClient.create(database.owner());
    }

    /** As an operator does it, workers first; none may hang, and none may end by itself. */
    public void stop() throws InterruptedException {
        for (Member member : members.reversed()) {
            if (member.process.isAlive()) {
                member.process.destroy();
                assertThat(member.process.waitFor(40, TimeUnit.SECONDS))
                        .as("the node %s ended\n%s", member.roles, tail(member.log))
                        .isTrue();
                assertThat(member.process.exitValue())
                        .as("exit code of the node %s, told to end by SIGTERM", member.roles)
                        .isEqualTo(128 + 15);
            }
        }
    }

    /** What the nodes said last, for whoever must find out why a test failed. */
    public String tails() {
        StringBuilder told = new StringBuilder();
        for (Member member : members) {
            told.append("== ").append(member.roles).append('\n').append(tail(member.log));
        }
        return told.toString();
    }

    private static String tail(Path log) {
        List<String> lines = read(log).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()))
                + "\n";
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    /** Leaves no process behind, whatever has happened. */
    @Override
    public void close() throws InterruptedException {
        for (Member member : members) {
            member.process.destroyForcibly().waitFor();
        }
        http.close();
        database.close();
    }
}
