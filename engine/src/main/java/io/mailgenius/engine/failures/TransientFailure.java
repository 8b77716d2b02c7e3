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
 * Says of an exception whether it tells of a server that is away, full or busy. Whoever meets such
 * trouble tries again until it has passed, and counts it against nobody.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL's error
 *     codes</a>
 */
public final class TransientFailure {

    private static final String DISK = "No space left on device";

    /** What HikariCP says of a connection that it gave up after an error, without a state. */
    private static final String CLOSED = "Connection is closed";

    private TransientFailure() {}

    /**
     * @return what the trouble is, in words for an operator; empty if it is of another kind, such
     *     as a defect, a refused value or a statement that took too long
     */
    public static Optional<String> passing(@Nullable Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String words = words(cause);
            if (words != null) {
                return Optional.of(words);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String words(Throwable cause) {
        return switch (cause) {
            case SQLException sql when sql.getSQLState() != null -> ofState(sql.getSQLState());
            case SQLException pool when CLOSED.equals(pool.getMessage()) ->
                    "PostgreSQL cannot be reached";
            case SQLTransientConnectionException _ -> "no connection to PostgreSQL is to be had";
            case RedisConnectionException _ -> "Redis cannot be reached";
            case RedisConnectionFailureException _ -> "Redis cannot be reached";
            case RedisException redis when rejected(redis) -> "Redis cannot be reached";
            case IOException io when String.valueOf(io.getMessage()).contains(DISK) ->
                    "the disk of this node is full";
            case Throwable _ -> null;
        };
    }

    /** What Lettuce says of a command that it does not even try while it is disconnected. */
    private static boolean rejected(RedisException redis) {
        return String.valueOf(redis.getMessage()).contains("Currently not connected");
    }

    private static @Nullable String ofState(String state) {
        return switch (state) {
            case "53100" -> "PostgreSQL's disk is full";
            case "53300" -> "PostgreSQL takes no more connections";
            case "57P01", "57P02", "57P03" -> "PostgreSQL is stopping or starting";
            case "58030" -> "PostgreSQL cannot read or write its files";
            case "25006" -> "PostgreSQL is read-only: it may be a standby";
            case "40001", "40P01" -> "PostgreSQL ended one of several transactions that collided";
            case String other when other.startsWith("08") -> "PostgreSQL cannot be reached";
            case String _ -> null;
        };
    }
}
