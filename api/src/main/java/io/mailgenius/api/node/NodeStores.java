package io.mailgenius.api.node;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.api.node.NodeSettings.Login;
import io.mailgenius.engine.embedded.EmbeddedRedis;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import io.mailgenius.schema.embedded.PrivateFolder;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL and Redis of this node: the configured servers, or embedded ones that run as long as
 * the node.
 */
final class NodeStores implements AutoCloseable {

    /** In the embedded PostgreSQL. */
    private static final String LOGIN_OF_NODE = "mailgenius";

    private static final String CONNECTION_SETTINGS = "stores.env";

    private final Deque<AutoCloseable> embedded = new ArrayDeque<>();
    private final Database database;
    private final String redisUrl;

    private NodeStores(NodeSettings settings) {
        database = databaseOf(settings);
        String url = settings.redisUrl();
        redisUrl = url != null ? url : startRedis(settings.dataDir());
    }

    private NodeStores(NodeSettings settings, @Nullable Database running) {
        database = running != null ? running : databaseOf(settings);
        redisUrl = "";
    }

    private Database databaseOf(NodeSettings settings) {
        Database configured = settings.database();
        if (configured != null) {
            return configured;
        }
        lock(settings.dataDir());
        return startDatabase(settings.dataDir());
    }

    /**
     * Locks the data directory. The operating system releases the lock when the process ends, so an
     * embedded server can take over the files that a crash left behind, but not those of a running
     * node.
     */
    private void lock(Path dataDir) {
        Path file = dataDir.resolve("embedded.lock");
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            embedded.push(channel);
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException heldInThisProcess) {
            // Refused below, like one that another process holds.
        } catch (IOException unwritable) {
            throw new SettingRefused(
                    "MAILGENIUS_DATA_DIR cannot be written: " + file + " was refused.");
        }
        close();
        throw new SettingRefused(
                "MAILGENIUS_DATA_DIR is "
                        + dataDir
                        + ", whose embedded PostgreSQL is used by another node: choose another folder, or"
                        + " set MAILGENIUS_DATABASE_URL and MAILGENIUS_REDIS_URL to that node's, which"
                        + " are in its stores.env.");
    }

    static NodeStores open(NodeSettings settings) {
        NodeStores stores = new NodeStores(settings);
        if (!stores.embedded.isEmpty()) {
            stores.writeConnectionSettings(settings.dataDir().resolve(CONNECTION_SETTINGS));
        }
        return stores;
    }

    /**
     * The database, and no Redis, for a command that runs beside nodes: of an embedded one that a
     * node uses, the connection settings that this node has written.
     */
    static NodeStores forCommand(NodeSettings settings) {
        try {
            return new NodeStores(settings, null);
        } catch (SettingRefused inUse) {
            Path written = settings.dataDir().resolve(CONNECTION_SETTINGS);
            if (!Files.exists(written)) {
                throw inUse;
            }
            return new NodeStores(settings, connectionSettings(written, settings.dataDir()));
        }
    }

    private static Database connectionSettings(Path file, Path dataDir) {
        Properties written = new Properties();
        try (Reader lines = Files.newBufferedReader(file)) {
            written.load(lines);
        } catch (IOException unreadable) {
            throw new SettingRefused(
                    "MAILGENIUS_DATA_DIR cannot be read: " + file + " was refused.");
        }
        return new Database(
                written.getProperty("MAILGENIUS_DATABASE_URL", ""),
                written.getProperty("MAILGENIUS_DATABASE_USERNAME"),
                written.getProperty("MAILGENIUS_DATABASE_PASSWORD"),
                new Login(EmbeddedDatabase.SUPERUSER, EmbeddedDatabase.superuserPassword(dataDir)));
    }

    private Database startDatabase(Path dataDir) {
        EmbeddedDatabase server = EmbeddedDatabase.start(dataDir);
        embedded.push(server);
        // The login of the node has another password after each start.
        return new Database(
                server.jdbcUrl(),
                LOGIN_OF_NODE,
                server.newPassword(LOGIN_OF_NODE),
                new Login(server.username(), server.password()));
    }

    private String startRedis(Path dataDir) {
        try {
            EmbeddedRedis server = EmbeddedRedis.start(dataDir);
            embedded.push(server);
            return server.uri().toString();
        } catch (RuntimeException notStarted) {
            close();
            throw notStarted;
        }
    }

    /**
     * Writes the connection settings for further nodes of the same user on this machine, without
     * the owner of the tables; `samples/cluster` uses them.
     */
    private void writeConnectionSettings(Path file) {
        try {
            PrivateFolder.write(
                    file,
                    """
                    MAILGENIUS_DATABASE_URL=%s
                    MAILGENIUS_DATABASE_USERNAME=%s
                    MAILGENIUS_DATABASE_PASSWORD=%s
                    MAILGENIUS_REDIS_URL=%s
                    """
                            .formatted(
                                    database.url(),
                                    database.username(),
                                    database.password(),
                                    redisUrl));
        } catch (IOException unwritable) {
            close();
            throw new SettingRefused(
                    "MAILGENIUS_DATA_DIR cannot be written: " + file + " was refused.");
        }
    }

    DatabaseLogins logins() {
        return new DatabaseLogins(database);
    }

    Database database() {
        return database;
    }

    String redisUrl() {
        return redisUrl;
    }

    @Override
    public void close() {
        while (!embedded.isEmpty()) {
            try {
                embedded.pop().close();
            } catch (Exception alreadyGone) {
                // The server was killed externally, so there is nothing to stop.
            }
        }
    }
}
