package io.mailgenius.bench.chaos;

import io.mailgenius.engine.faults.TcpRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL and its standby behind one address, each on a disk that can be filled. After a
 * promotion the next standby is a copy of the promoted server.
 */
final class Failover implements AutoCloseable {

    /** The folder of a server. */
    private record Place(ChaosDatabase database, @Nullable SmallDisk disk) {}

    private final Path folder;
    private final long megabytes;
    private final TcpRelay address;
    private final List<Place> all = new ArrayList<>();
    private volatile Place current;
    private volatile @Nullable Place standby;

    private Failover(Path folder, long megabytes, Place first, TcpRelay address) {
        this.folder = folder;
        this.megabytes = megabytes;
        this.current = first;
        this.address = address;
        all.add(first);
    }

    static Failover start(Path folder, long megabytes) throws IOException, InterruptedException {
        Path there = folder.resolve("database-1");
        Optional<SmallDisk> disk = SmallDisk.mount(there, megabytes);
        Place first = new Place(ChaosDatabase.start(there), disk.orElse(null));
        // Otherwise the WAL alone would be larger than the disk.
        faults(first.database).keepLittleLog();
        return new Failover(folder, megabytes, first, TcpRelay.inFrontOf(first.database.jdbcUrl()));
    }

    /** Creates a standby of the current server, if there is none. */
    synchronized void prepare() throws IOException, InterruptedException {
        if (standby == null) {
            Path there = folder.resolve("database-" + (all.size() + 1));
            Optional<SmallDisk> disk = SmallDisk.mount(there, megabytes);
            Files.createDirectories(there);
            Place made = new Place(current.database.standby(there), disk.orElse(null));
            all.add(made);
            standby = made;
        }
    }

    ChaosDatabase current() {
        return current.database;
    }

    String jdbcUrl() {
        return address.instead(current.database.jdbcUrl());
    }

    /** Null if the user may not mount file systems. */
    @Nullable SmallDisk disk() {
        return current.disk;
    }

    /**
     * Stops the server, losing commits that the standby does not have, and promotes the standby.
     * Clients are not notified; the caller disconnects them before.
     *
     * @param synchronously whether the standby first receives everything that is known to be
     *     committed
     */
    synchronized void promote(boolean synchronously) throws IOException, InterruptedException {
        prepare();
        Place before = current;
        Place promoted = standby;
        if (promoted == null) {
            throw new IllegalStateException("There is no standby");
        }
        if (synchronously) {
            faults(before.database).awaitSynchronousStandby();
        }
        before.database.stop(true);
        promoted.database.promote();
        address.leadTo(promoted.database.jdbcUrl());
        current = promoted;
        standby = null;
    }

    private static DatabaseFaults faults(ChaosDatabase database) {
        return new DatabaseFaults(database.jdbcUrl(), database.username(), database.password());
    }

    @Override
    public void close() {
        try {
            address.close();
        } catch (IOException goneAnyway) {
            // This is the intended state.
        }
        for (Place place : all) {
            place.database.close();
            if (place.disk != null) {
                place.disk.close();
            }
        }
    }
}
