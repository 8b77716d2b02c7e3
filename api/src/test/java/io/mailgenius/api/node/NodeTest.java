package io.mailgenius.api.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.api.node.NodeSettings.Login;
import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.RuntimeLogin;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {

    @TempDir Path folder;

    @Test
    void a_worker_serves_health_and_at_its_management_port_metrics() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                Node node = Node.start(ofTwoLogins(database))) {
            assertThat(status(node, "/actuator/health")).isEqualTo(200);
            for (String path :
                    new String[] {
                        "/", "/sign-in", "/api/v1/contacts", "/v3/api-docs", "/actuator/prometheus"
                    }) {
                assertThat(status(node, path)).as(path).isEqualTo(404);
            }
            String management = "http://127.0.0.1:" + node.managementPort();
            assertThat(status(management + "/actuator/prometheus")).isEqualTo(200);
            assertThat(status(management + "/actuator/health")).isEqualTo(200);
            assertThat(status(management + "/sign-in")).isEqualTo(404);

            // Of what the two logins are for, the node has the one that owns nothing.
            assertThat(RuntimeLogin.isExempt(node.bean(DataSource.class))).isFalse();
            assertThat(RuntimeLogin.isExempt(database.owner())).isTrue();
            try (Connection connection = node.bean(DataSource.class).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("RESET ROLE");
                assertThatThrownBy(() -> statement.execute("SELECT FROM contact"))
                        .hasMessageContaining("permission denied");
                assertThatThrownBy(() -> statement.execute("SET ROLE " + database.username()))
                        .hasMessageContaining("permission denied");
                statement.execute("SET ROLE mailgenius_app");
            }
        }
    }

    @Test
    void a_login_of_the_node_that_can_become_the_owner_is_refused() throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            Map<String, String> variables = variables(database);
            variables.put("MAILGENIUS_DATABASE_OWNER_USERNAME", database.username());
            variables.put("MAILGENIUS_DATABASE_OWNER_PASSWORD", database.password());
            assertThatThrownBy(() -> Node.start(NodeSettings.from(variables)))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_DATABASE_USERNAME cannot be");
        }
    }

    /** The node creates its login, and one without the owner's starts on migrated tables. */
    @Test
    void a_login_that_is_missing_is_made_and_needs_no_owner_once_the_tables_are_migrated()
            throws Exception {
        String login = "mg_made_" + UUID.randomUUID().toString().replace("-", "");
        try (TestDatabase database = TestDatabase.create()) {
            Database both =
                    new Database(
                            database.url(),
                            login,
                            "its password",
                            new Login(database.username(), database.password()));
            new DatabaseLogins(both).prepare();
            DatabaseLogins alone =
                    new DatabaseLogins(new Database(database.url(), login, "its password", null));
            alone.prepare();
            try (Connection connection = alone.ofNode().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET ROLE mailgenius_app");
            }
            try (Connection owner = database.owner().getConnection();
                    Statement statement = owner.createStatement()) {
                statement.execute(
                        """
                        DELETE FROM flyway_schema_history
                         WHERE installed_rank = (SELECT max(installed_rank) FROM flyway_schema_history)
                        """);
                assertThatThrownBy(alone::prepare)
                        .isInstanceOf(SettingRefused.class)
                        .hasMessageStartingWith("MAILGENIUS_DATABASE_OWNER_USERNAME is missing");
                statement.execute("DROP ROLE " + login);
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
                            "jdbc:postgresql://localhost:" + port + "/mailgenius?password=secret");

            assertThatThrownBy(() -> Node.start(settings))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_DATABASE_URL")
                    .hasMessageNotContaining("secret");
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
            running.logins().prepare();
            try (Connection connection = running.logins().ofNode().getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
            assertThat(RuntimeLogin.isExempt(running.logins().ofNode())).isFalse();
            Database database = running.database();
            assertThatThrownBy(
                            () ->
                                    DriverManager.getConnection(
                                            database.url(), "postgres", "a guess"))
                    .hasMessageContaining("password");
            assertThat(running.redisUrl()).matches("redis://:[0-9a-f]{48}@localhost:\\d+");
            Path stores = folder.resolve("stores.env");
            assertThat(Files.readString(stores))
                    .contains("MAILGENIUS_DATABASE_USERNAME=mailgenius\n")
                    .doesNotContain("OWNER");
            for (Path secret : List.of(stores, folder.resolve("postgresql.password"))) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                        .isEqualTo("rw-------");
            }
        }
        try (NodeStores again = NodeStores.open(settings)) {
            again.logins().prepare();
            try (Connection connection = again.logins().ofNode().getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
    }

    private NodeSettings ofTwoLogins(TestDatabase database) {
        Map<String, String> variables = variables(database);
        variables.put("MAILGENIUS_DATABASE_OWNER_USERNAME", database.username());
        variables.put("MAILGENIUS_DATABASE_OWNER_PASSWORD", database.password());
        variables.put("MAILGENIUS_DATABASE_USERNAME", database.runtimeLogin());
        variables.put("MAILGENIUS_DATABASE_PASSWORD", database.runtimePassword());
        variables.put("MAILGENIUS_MANAGEMENT_PORT", "0");
        variables.put("MAILGENIUS_ROLES", "worker");
        return NodeSettings.from(variables);
    }

    private NodeSettings settings(TestDatabase database, String key, String value) {
        Map<String, String> variables = variables(database);
        variables.put(key, value);
        return NodeSettings.from(variables);
    }

    private Map<String, String> variables(TestDatabase database) {
        Map<String, String> variables = new HashMap<>();
        variables.put("MAILGENIUS_DATABASE_URL", database.url());
        variables.put("MAILGENIUS_DATABASE_USERNAME", database.username());
        variables.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
        variables.put("MAILGENIUS_REDIS_URL", TestRedis.uri().toString());
        variables.put("MAILGENIUS_DATA_DIR", folder.toString());
        variables.put("MAILGENIUS_PORT", "0");
        return variables;
    }

    private static int status(Node node, String path) throws Exception {
        return status(node.url() + path);
    }

    private static int status(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
