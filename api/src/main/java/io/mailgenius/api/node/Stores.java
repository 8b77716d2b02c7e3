package io.mailgenius.api.node;

import io.mailgenius.api.node.NodeSettings.Database;
import io.mailgenius.engine.EmbeddedRedis;
import io.mailgenius.schema.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL and Redis of this node: those that the settings name, or embedded ones, which live as
 * long as the node.
 */
final class Stores implements AutoCloseable {

    private final Deque<AutoCloseable> embedded = new ArrayDeque<>();
    private final Database database;
    private final String redisUrl;

    private Stores(NodeSettings settings) {
        Database configured = settings.database();
        database = configured != null ? configured : startDatabase(settings.dataDir());
        String url = settings.redisUrl();
        redisUrl = url != null ? url : startRedis(settings.dataDir());
    }

    static Stores open(NodeSettings settings) {
        Stores stores = new Stores(settings);
        if (!stores.embedded.isEmpty()) {
            stores.tell(settings.dataDir().resolve("stores.env"));
        }
        return stores;
    }

    private Database startDatabase(Path dataDir) {
        EmbeddedDatabase server = EmbeddedDatabase.start(dataDir);
        embedded.push(server);
        return new Database(server.jdbcUrl(), server.username(), server.password());
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

    /** For further nodes on the same machine: `samples/cluster` starts its workers with these. */
    private void tell(Path file) {
        try {
            Files.writeString(
                    file,
                    """
                    MAILGENIUS_DATABASE_URL=%s
                    MAILGENIUS_DATABASE_USERNAME=%s
                    MAILGENIUS_REDIS_URL=%s
                    """
                            .formatted(database.url(), database.username(), redisUrl));
        } catch (IOException unwritable) {
            close();
            throw new SettingRefused(
                    "MAILGENIUS_DATA_DIR cannot be written: " + file + " was refused.");
        }
    }

    /** The login that owns the tables, before it works as anybody else. */
    DataSource owner() {
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.url());
        if (database.username() != null) {
            owner.setUser(database.username());
        }
        if (database.password() != null) {
            owner.setPassword(database.password());
        }
        return owner;
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
                // It was killed from outside: there is nothing left to stop.
            }
        }
    }
}
