package io.mailgenius.jobs.analytics;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Determines device and mail client by user agent: the first matching pattern of table {@code
 * user_agent_pattern}. Millions of events have a few thousand distinct user agents, whose results
 * are cached.
 */
@Component
final class MailPrograms {

    /** A user agent has some hundred characters, so the cache takes a few megabytes. */
    private static final int KEPT = 20_000;

    private final JdbcClient jdbc;
    private final Cache<String, Program> kept =
            Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).build();

    MailPrograms(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Program(String device, String client) {}

    /**
     * @param agents an empty text for a missing one
     */
    Map<String, Program> of(Set<String> agents) {
        return kept.getAll(agents, unknown -> lookUp(unknown.toArray(String[]::new)));
    }

    private Map<String, Program> lookUp(String[] agents) {
        Map<String, Program> told = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT agent, coalesce(p.device, 'unknown') AS device, coalesce(p.client, 'unknown') AS client
                          FROM unnest(:agents) AS agent
                          LEFT JOIN LATERAL (SELECT device, client
                                               FROM user_agent_pattern
                                              WHERE agent ~* pattern
                                              ORDER BY position
                                              LIMIT 1) AS p ON true
                        """)
                .param("agents", agents)
                .query(
                        row -> {
                            told.put(
                                    row.getString("agent"),
                                    new Program(row.getString("device"), row.getString("client")));
                        });
        return told;
    }
}
