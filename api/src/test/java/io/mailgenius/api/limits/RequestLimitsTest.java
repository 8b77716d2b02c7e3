package io.mailgenius.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two nodes with small limits, which share them. */
class RequestLimitsTest {

    private static final String KEY = "key-of-a-workspace-with-limits";
    private static final int PER_KEY = 20;
    private static final int PER_WORKSPACE = 50;
    private static final int REFUSED = 5;

    @TempDir static Path folder;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static TestDatabase database;
    private static Node one;
    private static Node other;

    @BeforeAll
    static void start() {
        database = TestDatabase.create();
        one = node();
        other = node();
    }

    private static Node node() {
        return Node.start(
                NodeSettings.from(
                        Map.ofEntries(
                                Map.entry("MAILGENIUS_DATABASE_URL", database.url()),
                                Map.entry("MAILGENIUS_DATABASE_USERNAME", database.username()),
                                Map.entry("MAILGENIUS_DATABASE_PASSWORD", database.password()),
                                Map.entry("MAILGENIUS_REDIS_URL", TestRedis.uri().toString()),
                                Map.entry("MAILGENIUS_PORT", "0"),
                                Map.entry("MAILGENIUS_ROLES", "api"),
                                Map.entry("MAILGENIUS_BOOTSTRAP_API_KEY", KEY),
                                Map.entry("MAILGENIUS_REQUESTS_PER_KEY", PER_KEY + ""),
                                Map.entry("MAILGENIUS_REQUESTS_PER_WORKSPACE", PER_WORKSPACE + ""),
                                Map.entry("MAILGENIUS_REFUSED_KEYS_PER_ADDRESS", REFUSED + ""),
                                Map.entry("MAILGENIUS_DATA_DIR", folder.toString()))));
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        database.close();
    }

    private static HttpResponse<String> get(Node node, String key) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(node.url() + "/api/v1/lists"))
                        .header("Authorization", "Bearer " + key)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void a_key_has_one_quota_on_all_nodes_and_each_answer_says_what_is_left_of_it()
            throws Exception {
        HttpResponse<String> first = get(one, KEY);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("RateLimit-Policy"))
                .contains("\"key\";q=" + PER_KEY + ";w=60");
        assertThat(first.headers().firstValue("RateLimit").orElse(""))
                .matches("\"key\";r=" + (PER_KEY - 1) + ";t=\\d+");

        HttpResponse<String> last = first;
        int served = 1;
        while (last.statusCode() == 200 && served < 3 * PER_KEY) {
            last = get(served % 2 == 0 ? one : other, KEY);
            served += last.statusCode() == 200 ? 1 : 0;
        }

        // Tokens come back while the requests are made: one every three seconds.
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(served).isBetween(PER_KEY, 2 * PER_KEY);
        assertThat(last.body()).contains("rate-limit-exceeded");
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(last.headers().firstValue("RateLimit").orElse("")).contains("r=0");
    }

    @Test
    void an_address_whose_keys_are_refused_is_stopped_on_all_nodes_before_they_are_looked_up()
            throws Exception {
        // On a slow machine tokens come back meanwhile, one every twelve seconds.
        int refused = 0;
        HttpResponse<String> stopped = get(one, "no-key");
        while (stopped.statusCode() == 401 && refused < 20 * REFUSED) {
            refused++;
            stopped = get(refused % 2 == 0 ? one : other, "no-key-" + refused);
        }
        assertThat(refused).isGreaterThanOrEqualTo(REFUSED);
        assertThat(stopped.statusCode()).isEqualTo(429);
        assertThat(stopped.body()).contains("too-many-refused-keys");
        assertThat(stopped.headers().firstValue("Retry-After")).isPresent();
    }

    /** Keys of a workspace of their own. */
    private static List<String> keys(String workspace, int number) {
        JdbcClient owner = JdbcClient.create(database.owner());
        long id =
                owner.sql("INSERT INTO workspace (name) VALUES (:name) RETURNING id")
                        .param("name", workspace)
                        .query(Long.class)
                        .single();
        List<String> keys =
                IntStream.range(0, number).mapToObj(n -> workspace + "-key-" + n).toList();
        for (String key : keys) {
            owner.sql(
                            """
                            INSERT INTO api_key (workspace_id, name, key_hash, scopes)
                            VALUES (:workspace, 'test', sha256(convert_to(:key, 'UTF8')), '{*}')
                            """)
                    .param("workspace", id)
                    .param("key", key)
                    .update();
        }
        return keys;
    }

    @Test
    void the_keys_of_a_workspace_share_a_quota_on_all_nodes_and_those_of_another_have_their_own()
            throws Exception {
        List<String> keys = keys("busy", 8);
        HttpResponse<String> last = get(one, keys.getFirst());
        int served = 1;
        while (last.statusCode() == 200 && served < 3 * PER_WORKSPACE) {
            last = get(served % 2 == 0 ? one : other, keys.get(served % keys.size()));
            served += last.statusCode() == 200 ? 1 : 0;
        }

        // No key has used its own quota, which is named otherwise.
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(served).isBetween(PER_WORKSPACE, 2 * PER_WORKSPACE);
        assertThat(last.body()).contains("rate-limit-exceeded", "This workspace may make");
        assertThat(last.headers().firstValue("RateLimit-Policy"))
                .contains("\"workspace\";q=" + PER_WORKSPACE + ";w=60");
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
        assertThat(get(one, keys("quiet", 1).getFirst()).statusCode()).isEqualTo(200);
    }
}
