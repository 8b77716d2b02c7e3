package io.mailgenius.engine.database;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Ends waits on connections of the main pool that have failed without an error. A timeout cannot
 * tell such a wait from a statement that rightly takes minutes, but the server can: if this node
 * waits for the server while the server waits for this node, the bytes between them are lost. Then
 * the socket is closed, so that the waiting thread gets an error, and the session is ended, so that
 * its row locks are released.
 *
 * <p>TCP keepalive does not replace this, because it is silent while data is unacknowledged: TCP
 * then retransmits for a quarter of an hour.
 */
public final class StatementWatch implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StatementWatch.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Longer than TCP needs to repeat single lost packets. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** For how long both sides have to be seen waiting for each other. */
    static final Duration CONFIRMATION = Duration.ofMillis(1_500);

    private static final String SESSION =
            """
            SELECT pg_backend_pid(),
                   CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS bigint)
            """;

    private static final String WAITING_FOR_THE_CLIENT =
            """
            SELECT session.pid, session.server, activity.backend_start, activity.state_change
              FROM unnest(CAST(:pids AS integer[]), CAST(:servers AS bigint[])) AS session (pid, server)
             CROSS JOIN (SELECT CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS bigint)
                                AS server) AS here
              LEFT JOIN pg_stat_activity activity
                     ON activity.pid = session.pid AND here.server = session.server
             WHERE activity.pid IS NULL
                OR activity.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
                OR activity.state = 'active' AND activity.wait_event IN ('ClientRead', 'ClientWrite')
            """;

    /**
     * @param server when the server was started, in microseconds of the epoch; it tells a server
     *     from the one that has taken its address over
     */
    private record Session(int pid, long server) {}

    /**
     * Both sides of a session that wait for each other. Two equal ones mean that nothing moved.
     *
     * @param blockedSince of the client's operation
     * @param started of the session; null if the server does not have it any more
     */
    private record Standstill(
            Session session,
            long blockedSince,
            @Nullable OffsetDateTime started,
            @Nullable OffsetDateTime stateChange) {}

    /**
     * @param since when it was first seen, by {@link System#nanoTime}
     */
    private record Suspicion(Standstill standstill, long since) {}

    /** What a server says of a session that waits for its client. */
    private record Activity(
            @Nullable OffsetDateTime started, @Nullable OffsetDateTime stateChange) {}

    private final Supplier<ControlDatabase> control;
    private final Duration patience;
    private final Duration confirmation;
    private final Duration writeLimit;
    private final Map<WatchedSocket, Session> sessions = new ConcurrentHashMap<>();
    private final Map<WatchedSocket, Suspicion> suspected = new HashMap<>();
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * @param control its connections reach the same server; first used after the start
     * @param lease after which a write that makes no progress is ended, also if the server cannot
     *     be asked
     */
    public StatementWatch(Supplier<ControlDatabase> control, Duration lease) {
        this(control, PATIENCE, CONFIRMATION, lease);
    }

    StatementWatch(
            Supplier<ControlDatabase> control,
            Duration patience,
            Duration confirmation,
            Duration writeLimit) {
        this.control = control;
        this.patience = patience;
        this.confirmation = confirmation;
        this.writeLimit = writeLimit;
    }

    /**
     * Watches a session from now on. It is asked for its id, because a pooler has ids of its own.
     */
    public void opened(PgConnection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Session[] found = new Session[1];
            WatchedSocket socket = WatchedSocket.of(() -> found[0] = session(statement));
            if (socket != null) {
                sessions.put(socket, found[0]);
            }
        }
    }

    private static Session session(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(SESSION)) {
            row.next();
            return new Session(row.getInt(1), row.getLong(2));
        }
    }

    /** Looks at all sessions once. */
    void look() {
        sessions.keySet().removeIf(WatchedSocket::isClosed);
        Map<WatchedSocket, Long> blocked = new HashMap<>();
        sessions.forEach(
                (socket, session) -> {
                    Long since = socket.blockedFor(patience);
                    if (socket.writingFor(writeLimit) != null) {
                        close(socket, session);
                    } else if (since != null) {
                        blocked.put(socket, since);
                    }
                });
        suspected.keySet().retainAll(blocked.keySet());
        if (!blocked.isEmpty()) {
            Map<Session, Activity> waiting = waitingForTheClient(blocked.keySet());
            blocked.forEach((socket, since) -> look(socket, since, waiting));
        }
    }

    private void look(WatchedSocket socket, long since, Map<Session, Activity> waiting) {
        Session session = sessions.get(socket);
        Activity activity = session == null ? null : waiting.get(session);
        if (session == null || activity == null) {
            suspected.remove(socket);
            return;
        }
        Standstill standstill =
                new Standstill(session, since, activity.started(), activity.stateChange());
        Suspicion suspicion = suspected.get(socket);
        if (suspicion == null || !suspicion.standstill().equals(standstill)) {
            suspected.put(socket, new Suspicion(standstill, System.nanoTime()));
        } else if (System.nanoTime() - suspicion.since() >= confirmation.toNanos()) {
            close(socket, session);
            end(standstill);
        }
    }

    /** As the login, because the application's role may not see what sessions of the login do. */
    private Map<Session, Activity> waitingForTheClient(Iterable<WatchedSocket> sockets) {
        List<Integer> pids = new ArrayList<>();
        List<Long> servers = new ArrayList<>();
        for (WatchedSocket socket : sockets) {
            Session session = sessions.get(socket);
            if (session != null) {
                pids.add(session.pid());
                servers.add(session.server());
            }
        }
        Map<Session, Activity> waiting = new HashMap<>();
        asLogin(
                database ->
                        database.jdbc()
                                .sql(WAITING_FOR_THE_CLIENT)
                                .param("pids", pids.toArray(Integer[]::new))
                                .param("servers", servers.toArray(Long[]::new))
                                .query(
                                        row -> {
                                            waiting.put(
                                                    new Session(
                                                            row.getInt("pid"),
                                                            row.getLong("server")),
                                                    new Activity(
                                                            row.getObject(
                                                                    "backend_start",
                                                                    OffsetDateTime.class),
                                                            row.getObject(
                                                                    "state_change",
                                                                    OffsetDateTime.class)));
                                        }));
        return waiting;
    }

    private void end(Standstill standstill) {
        OffsetDateTime started = standstill.started();
        if (started != null) {
            asLogin(
                    database ->
                            database.jdbc()
                                    .sql(
                                            """
                                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                             WHERE pid = :pid AND backend_start = :started
                                            """)
                                    .param("pid", standstill.session().pid())
                                    .param("started", started)
                                    .query((_, _) -> true)
                                    .optional());
        }
    }

    private void asLogin(Consumer<ControlDatabase> work) {
        ControlDatabase database = control.get();
        database.transaction()
                .executeWithoutResult(
                        _ -> {
                            database.jdbc().sql("SET LOCAL ROLE NONE").update();
                            work.accept(database);
                        });
    }

    /** Closes below a possible TLS layer, which would wait for the blocked write. */
    private void close(WatchedSocket socket, Session session) {
        LOG.warn(
                "The connection of session {} to PostgreSQL failed without an error and is closed",
                session.pid());
        sessions.remove(socket);
        try {
            socket.close();
        } catch (IOException goneAnyway) {
            // Intended.
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.debug("The sessions of this node could not be looked at", e);
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService starting =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("statement-watch").daemon().factory());
        starting.scheduleWithFixedDelay(
                this::lookSafely, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        timer = starting;
    }

    @Override
    public void stop() {
        ScheduledExecutorService stopping = timer;
        if (stopping != null) {
            stopping.shutdownNow();
            timer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    /** Stops last, because an orderly shutdown uses connections too. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 400;
    }
}
