package io.mailgenius.jobs.analytics;

import java.util.HashMap;
import java.util.LinkedHashMap;
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
    private final Map<String, Program> kept = new LinkedHashMap<>(16, 0.75f, true);

    MailPrograms(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Program(String device, String client) {}

    /**
     * @param agents an empty text for a missing one
     */
    Map<String, Program> of(Set<String> agents) {
        Map<String, Program> found = new HashMap<>();
        synchronized (kept) {
            for (String agent : agents) {
                Program program = kept.get(agent);
                if (program != null) {
                    found.put(agent, program);
                }
            }
        }
        if (found.size() < agents.size()) {
            Map<String, Program> learned =
                    lookUp(
                            agents.stream()
                                    .filter(agent -> !found.containsKey(agent))
                                    .toArray(String[]::new));
            found.putAll(learned);
            keep(learned);
        }
        return found;
    }

    private void keep(Map<String, Program> learned) {
        synchronized (kept) {
            kept.putAll(learned);
            var oldest = kept.keySet().iterator();
            for (int surplus = kept.size() - KEPT; surplus > 0; surplus--) {
                oldest.next();
                oldest.remove();
            }
        }
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
