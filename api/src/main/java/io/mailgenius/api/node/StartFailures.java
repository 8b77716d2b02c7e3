package io.mailgenius.api.node;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.PortInUseException;

/**
 * Translates failures at startup that a setting causes into one sentence that names the setting.
 */
final class StartFailures {

    private StartFailures() {}

    static RuntimeException explained(RuntimeException failure, NodeSettings settings, int port) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String sentence = sentence(t, settings, port);
            if (sentence != null) {
                SettingRefused refused = new SettingRefused(sentence);
                refused.addSuppressed(failure);
                return refused;
            }
        }
        return failure;
    }

    private static @Nullable String sentence(Throwable t, NodeSettings settings, int port) {
        return switch (t) {
            case SQLException sql
                    when settings.database() != null && isConnection(sql.getSQLState()) ->
                    "MAILGENIUS_DATABASE_URL is "
                            + WithoutPassword.of(settings.database().url())
                            + ", which cannot be used: "
                            + firstLine(sql)
                            + "; check the URL, the login and the server.";
            case SettingRefused refused -> refused.getMessage();
            case PortInUseException _ ->
                    "MAILGENIUS_PORT cannot be "
                            + port
                            + ": another program listens on it; choose another, or 0 for any.";
            case Throwable redis when settings.redisUrl() != null && isOfRedis(redis) ->
                    "MAILGENIUS_REDIS_URL is "
                            + WithoutPassword.of(settings.redisUrl())
                            + ", which cannot be used: "
                            + firstLine(redis)
                            + "; check the URL, or start the node again when the server is available.";
            case Throwable _ -> null;
        };
    }

    /** Class 08: no connection; 28: not this login; 3D: no such database. */
    private static boolean isConnection(@Nullable String state) {
        return state != null && state.matches("(08|28|3D).*");
    }

    /** By class name, because it may be an exception of Spring or of the driver. */
    private static boolean isOfRedis(Throwable thrown) {
        String name = thrown.getClass().getName();
        return name.startsWith("io.lettuce.core.Redis") || name.contains("RedisConnection");
    }

    private static String firstLine(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null
                ? "no answer"
                : WithoutPassword.of(message.lines().findFirst().orElse("no answer"));
    }
}
