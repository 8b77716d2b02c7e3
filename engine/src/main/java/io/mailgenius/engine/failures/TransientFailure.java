package io.mailgenius.engine.failures;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * Classifies exceptions: a transient failure is one of a server that is unavailable, full or busy.
 * Code that meets a transient failure retries until it ends, and does not count it as a failure of
 * the job or chunk.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's error
 *     codes</a>
 */
public final class TransientFailure {

    private static final String DISK = "No space left on device";

    /**
     * The message of HikariCP's exception for a connection that it closed after an error; it has no
     * SQL state.
     */
    private static final String CLOSED = "Connection is closed";

    private TransientFailure() {}

    /**
     * @return a description of the transient failure for an operator; empty for any other
     *     exception, such as a defect, a rejected value or a statement that timed out
     */
    public static Optional<String> passing(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String description = description(cause);
            if (description != null) {
                return Optional.of(description);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String description(Throwable cause) {
        return switch (cause) {
            case SQLException sql when sql.getSQLState() != null -> ofState(sql.getSQLState());
            case SQLException pool when CLOSED.equals(pool.getMessage()) ->
                    "PostgreSQL cannot be reached";
            case SQLTransientConnectionException _ -> "no connection to PostgreSQL is available";
            case RedisConnectionException _ -> "Redis cannot be reached";
            case RedisConnectionFailureException _ -> "Redis cannot be reached";
            case RedisException redis when rejected(redis) -> "Redis cannot be reached";
            case IOException io when String.valueOf(io.getMessage()).contains(DISK) ->
                    "the disk of this node is full";
            case Throwable _ -> null;
        };
    }

    /** Whether Lettuce rejected the command because it is disconnected. */
    private static boolean rejected(RedisException redis) {
        return String.valueOf(redis.getMessage()).contains("Currently not connected");
    }

    private static @Nullable String ofState(String state) {
        return switch (state) {
            case "53100" -> "PostgreSQL's disk is full";
            case "53300" -> "PostgreSQL accepts no more connections";
            case "57P01", "57P02", "57P03" -> "PostgreSQL is stopping or starting";
            case "58030" -> "PostgreSQL cannot read or write its files";
            case "25006" -> "PostgreSQL is read-only: it may be a standby";
            case "40001", "40P01" -> "PostgreSQL aborted a transaction that conflicted with others";
            case String other when other.startsWith("08") -> "PostgreSQL cannot be reached";
            case String _ -> null;
        };
    }
}
