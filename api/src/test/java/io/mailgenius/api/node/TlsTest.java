package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailgenius.engine.TestRedis;
import io.mailgenius.schema.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** TLS towards both servers and towards callers, with certificates that keytool makes. */
class TlsTest {

    private static final char[] STORE_PASSWORD = "changeit".toCharArray();

    @TempDir Path folder;

    @Test
    void a_node_speaks_tls_with_postgresql_redis_and_its_callers() throws Exception {
        Certificate certificate = certificate("localhost");
        try (TestDatabase database = TestDatabase.create();
                TlsOfPostgres _ = TlsOfPostgres.on(database, certificate);
                TlsInFrontOfRedis redis = TlsInFrontOfRedis.with(certificate)) {
            Map<String, String> variables = new HashMap<>();
            variables.put("MAILGENIUS_DATABASE_URL", database.url());
            variables.put("MAILGENIUS_DATABASE_USERNAME", database.username());
            variables.put("MAILGENIUS_DATABASE_PASSWORD", database.password());
            variables.put("MAILGENIUS_REDIS_URL", redis.url());
            variables.put("MAILGENIUS_TLS_AUTHORITIES", certificate.file().toString());
            variables.put("MAILGENIUS_TLS_CERTIFICATE", certificate.file().toString());
            variables.put("MAILGENIUS_TLS_KEY", certificate.key().toString());
            variables.put("MAILGENIUS_DATA_DIR", folder.resolve("data").toString());
            variables.put("MAILGENIUS_ROLES", "worker");
            variables.put("MAILGENIUS_PORT", "0");
            try (Node node = Node.start(NodeSettings.from(variables))) {
                assertThat(areEncrypted(database)).isTrue();
                try (RedisConnection connection =
                        node.bean(RedisConnectionFactory.class).getConnection()) {
                    assertThat(connection.ping()).isEqualTo("PONG");
                }
                assertThat(redis.accepted()).isPositive();
                assertThat(node.url()).hasScheme("https");
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(certificate.trusted()).build();
                HttpRequest health =
                        HttpRequest.newBuilder(URI.create(node.url() + "/actuator/health")).build();
                assertThat(trusting.send(health, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
                assertThatThrownBy(
                                () ->
                                        HttpClient.newHttpClient()
                                                .send(health, BodyHandlers.discarding()))
                        .isInstanceOf(IOException.class);
            }

            // One of another authority is refused, although its name is right.
            variables.put("MAILGENIUS_TLS_AUTHORITIES", certificate("localhost").file().toString());
            assertThatThrownBy(() -> Node.start(NodeSettings.from(variables)))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageStartingWith("MAILGENIUS_DATABASE_URL");
            variables.remove("MAILGENIUS_TLS_KEY");
            assertThatThrownBy(() -> NodeSettings.from(variables))
                    .isInstanceOf(SettingRefused.class)
                    .hasMessageContaining("set both");
        }
    }

    /** The sessions of the node, which has another login than the pool of the test. */
    private static boolean areEncrypted(TestDatabase database) throws Exception {
        try (Connection connection = database.owner().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT count(*) > 0 AND bool_and(s.ssl)
                                  FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)
                                 WHERE a.datname = current_database() AND a.usename = current_user
                                   AND a.pid <> pg_backend_pid()
                                """)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** A self-signed certificate: it is its own authority. */
    private record Certificate(KeyStore store, Path file, Path key) {

        SSLContext trusted() throws Exception {
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry("it", store.getCertificate("it"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }

        SSLContext shown() throws Exception {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, STORE_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
    }

    private Certificate certificate(String host) throws Exception {
        Path place = Files.createTempDirectory(folder, "certificate");
        Path file = place.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "it",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=" + host,
                                "-ext",
                                "san=dns:" + host,
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(STORE_PASSWORD))
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE_PASSWORD);
        }
        Path certificate = pem(place, "CERTIFICATE", store.getCertificate("it").getEncoded());
        Path key = pem(place, "PRIVATE KEY", store.getKey("it", STORE_PASSWORD).getEncoded());
        return new Certificate(store, certificate, key);
    }

    private static Path pem(Path place, String what, byte[] content) throws IOException {
        Path file = place.resolve(what.replace(' ', '-') + ".pem");
        Files.writeString(
                file,
                "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(content), what));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** The server of the tests, which then speaks TLS as well. */
    private record TlsOfPostgres(TestDatabase database) implements AutoCloseable {

        static TlsOfPostgres on(TestDatabase database, Certificate certificate) throws Exception {
            run(
                    database,
                    "ALTER SYSTEM SET ssl_cert_file = '%s'".formatted(certificate.file()),
                    "ALTER SYSTEM SET ssl_key_file = '%s'".formatted(certificate.key()),
                    "ALTER SYSTEM SET ssl = on",
                    "SELECT pg_reload_conf()");
            while (!isOn(database)) {
                Thread.onSpinWait();
            }
            return new TlsOfPostgres(database);
        }

        private static boolean isOn(TestDatabase database) throws Exception {
            try (Connection connection = database.owner().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW ssl")) {
                row.next();
                return row.getString(1).equals("on");
            }
        }

        private static void run(TestDatabase database, String... statements) throws Exception {
            try (Connection connection = database.owner().getConnection();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        @Override
        public void close() throws Exception {
            run(
                    database,
                    "ALTER SYSTEM RESET ssl",
                    "ALTER SYSTEM RESET ssl_cert_file",
                    "ALTER SYSTEM RESET ssl_key_file",
                    "SELECT pg_reload_conf()");
        }
    }

    /** Ends TLS in front of the Redis of the tests, which may be built without it. */
    private record TlsInFrontOfRedis(SSLServerSocket server, AtomicInteger count)
            implements AutoCloseable {

        static TlsInFrontOfRedis with(Certificate certificate) throws Exception {
            SSLServerSocket server =
                    (SSLServerSocket)
                            certificate.shown().getServerSocketFactory().createServerSocket(0);
            TlsInFrontOfRedis relay = new TlsInFrontOfRedis(server, new AtomicInteger());
            Thread.ofVirtual().start(relay::accept);
            return relay;
        }

        private void accept() {
            URI redis = TestRedis.uri();
            while (!server.isClosed()) {
                try {
                    Socket caller = server.accept();
                    Socket there = new Socket(redis.getHost(), redis.getPort());
                    count.incrementAndGet();
                    Thread.ofVirtual().start(() -> copy(caller, there));
                    Thread.ofVirtual().start(() -> copy(there, caller));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException gone) {
                // The other side has closed the connection.
            }
        }

        String url() {
            String userInfo = TestRedis.uri().getUserInfo();
            return "rediss://"
                    + (userInfo == null ? "" : userInfo + "@")
                    + "localhost:"
                    + server.getLocalPort();
        }

        int accepted() {
            return count.get();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
