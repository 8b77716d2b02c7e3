package io.mailgenius.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {

    @TempDir Path folder;

    @Test
    void a_worker_serves_health_and_metrics_only() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Node node = Node.start(settings(database, "MAILGENIUS_ROLES", "worker"))) {
            assertThat(status(node, "/actuator/health")).isEqualTo(200);
            assertThat(status(node, "/actuator/prometheus")).isEqualTo(200);
            for (String path : new String[] {"/", "/sign-in", "/api/v1/contacts", "/v3/api-docs"}) {
                assertThat(status(node, path)).as(path).isEqualTo(404);
            }
        }
    }

    @Test
    void a_port_that_is_taken_stops_the_start_and_names_its_key() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                ServerSocket taken = new ServerSocket(0)) {
            NodeSettings settings =
                    settings(database, "MAILGENIUS_PORT", Integer.toString(taken.getLocalPort()));

            assertThatThrownBy(() -> Node.start(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_PORT");
        }
    }

    @Test
    void a_database_that_does_not_answer_stops_the_start_and_names_its_key() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                ServerSocket nobody = new ServerSocket(0)) {
            int port = nobody.getLocalPort();
            nobody.close();
            NodeSettings settings =
                    settings(
                            database,
                            "MAILGENIUS_DATABASE_URL",
                            "jdbc:postgresql://localhost:" + port + "/mailgenius");

            assertThatThrownBy(() -> Node.start(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_DATABASE_URL");
        }
    }

    @Test
    void a_redis_that_is_not_there_stops_the_start_and_names_its_key() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                ServerSocket nobody = new ServerSocket(0)) {
            int port = nobody.getLocalPort();
            nobody.close();
            NodeSettings settings =
                    settings(database, "MAILGENIUS_REDIS_URL", "redis://:secret@localhost:" + port);

            assertThatThrownBy(() -> Node.start(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_REDIS_URL is redis://…@localhost:" + port)
                    .hasMessageNotContaining("secret");
        }
    }

    /** The response of Redis while it loads its data set. */
    @Test
    void a_redis_that_still_loads_stops_the_start_and_names_its_key() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                ServerSocket loading = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> answerThatItLoads(loading));
            NodeSettings settings =
                    settings(
                            database,
                            "MAILGENIUS_REDIS_URL",
                            "redis://localhost:" + loading.getLocalPort());

            assertThatThrownBy(() -> Node.start(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_REDIS_URL is ")
                    .hasMessageContaining("when the server is available");
        }
    }

    private static void answerThatItLoads(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> answerThatItLoads(caller));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answerThatItLoads(Socket caller) {
        try (caller) {
            byte[] asked = new byte[8_192];
            for (int read = caller.getInputStream().read(asked);
                    read > 0;
                    read = caller.getInputStream().read(asked)) {
                // A RESP command is an array: "*" and the number of elements.
                for (String command : new String(asked, 0, read, UTF_8).split("\\*", -1)) {
                    if (!command.isEmpty()) {
                        caller.getOutputStream().write(answer(command).getBytes(UTF_8));
                    }
                }
            }
        } catch (IOException gone) {
            // The node has closed the connection.
        }
    }

    /** Answers HELLO as an old server, and every other command with LOADING. */
    private static String answer(String command) {
        if (command.contains("HELLO")) {
            return "-ERR unknown command 'HELLO'\r\n";
        }
        if (command.contains("PING")) {
            return "+PONG\r\n";
        }
        if (command.contains("CLIENT")) {
            return "+OK\r\n";
        }
        return "-LOADING Redis is loading the dataset in memory\r\n";
    }

    @Test
    void a_folder_whose_embedded_database_runs_is_not_taken_over() throws Exception {
        NodeSettings settings = NodeSettings.from(Map.of("MAILGENIUS_DATA_DIR", folder.toString()));

        try (NodeStores running = NodeStores.open(settings)) {
            assertThatThrownBy(() -> NodeStores.open(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_DATA_DIR");
            assertThat(running.owner().getConnection().isValid(1)).isTrue();
        }
        try (NodeStores again = NodeStores.open(settings)) {
            assertThat(again.owner().getConnection().isValid(1)).isTrue();
        }
    }

    private NodeSettings settings(TestDatabase database, String key, String value) {
        Map<String, String> variables = new HashMap<>();
        variables.put("MAILGENIUS_DATABASE_URL", database.url());
        variables.put("MAILGENIUS_DATABASE_USERNAME", database.username());
        variables.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
        variables.put("MAILGENIUS_REDIS_URL", TestRedis.uri().toString());
        variables.put("MAILGENIUS_DATA_DIR", folder.toString());
        variables.put("MAILGENIUS_PORT", "0");
        variables.put(key, value);
        return NodeSettings.from(variables);
    }

    private static int status(Node node, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(node.url() + path)).build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
