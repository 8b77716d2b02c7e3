package io.mailgenius.api.console;

import io.mailgenius.api.TestApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * A workspace with jobs in every state, one of which has failed in many of its chunks, as a node
 * would have left them.
 */
final class ConsoleFixture {

    /** The execution of the job that failed. */
    static final long FAILED = 77_000_001;

    /** The execution of a job that failed, too, and that a test abandons. */
    static final long TO_ABANDON = 77_000_002;

    private static final List<String> STATEMENTS =
            List.of(
                    """
                    INSERT INTO batch_job_instance (job_instance_id, version, job_name, job_key)
                    SELECT id, 0, 'delivery', md5(id::text) FROM unnest(ARRAY[77000001, 77000002]) id
                    """,
                    """
                    INSERT INTO batch_job_execution (job_execution_id, version, job_instance_id, create_time,
                                                     start_time, end_time, status, exit_code, last_updated)
                    SELECT id, 3, id, now() - interval '1 hour', now() - interval '1 hour',
                           now() - interval '20 minutes', 'FAILED', 'FAILED', now()
                      FROM unnest(ARRAY[77000001, 77000002]) id
                    """,
                    """
                    INSERT INTO launch (workspace_id, job_name, job_key, state, owner, job_instance_id,
                                        job_execution_id, error, requested_at, started_at, ended_at)
                    SELECT w.id, 'delivery', 'newsletter ' || n.id, 'FAILED', 'manager-1', n.id, n.id,
                           'Step delivery.send has 12 failed chunks', now() - interval '61 minutes',
                           now() - interval '60 minutes', now() - interval '20 minutes'
                      FROM workspace w, unnest(ARRAY[77000001, 77000002]) AS n (id) WHERE w.name = 'console'
                    """,
                    """
                    INSERT INTO launch (workspace_id, job_name, job_key, state, owner, error, requested_at,
                                        started_at, ended_at)
                    SELECT w.id, (ARRAY['import', 'segment', 'delivery', 'privacy.export'])[1 + n % 4],
                           'seeded ' || n, (ARRAY['COMPLETED', 'COMPLETED', 'STOPPED', 'COMPLETED', 'ABANDONED'])[1 + n % 5],
                           'manager-' || n % 3, NULL, now() - n * interval '7 minutes',
                           now() - n * interval '7 minutes', now() - n * interval '6 minutes'
                      FROM workspace w, generate_series(40, 1, -1) n WHERE w.name = 'console'
                    """,
                    """
                    INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence, payload, items,
                                       state, attempt, failures, owner, ready_at, started_at, claimed_at, finished_at,
                                       counts, error)
                    SELECT w.id, 77000001, 'delivery.send', p, s, '{"from": 1, "to": 500}', 500,
                           CASE WHEN s <= 3 AND p = 3 OR s % 40 = 39 THEN 'FAILED' WHEN s > 55 THEN 'HELD' ELSE 'DONE' END,
                           CASE WHEN s <= 3 AND p = 3 OR s % 40 = 39 THEN 5 WHEN s % 7 = 0 THEN 2
                                WHEN s > 55 THEN 0 ELSE 1 END, 0,
                           CASE WHEN s <= 55 THEN 'worker-' || (s + p) % 5 END, now() - interval '60 minutes',
                           CASE WHEN s <= 55 THEN now() - interval '60 minutes' + s * interval '20 seconds' * (1 + p / 3) END,
                           CASE WHEN s <= 55 THEN now() - interval '60 minutes' + s * interval '20 seconds' * (1 + p / 3) END,
                           CASE WHEN s <= 55 THEN now() - interval '59 minutes' + s * interval '20 seconds' * (1 + p / 3) END,
                           CASE WHEN NOT (s <= 3 AND p = 3 OR s % 40 = 39 OR s > 55) THEN '{"sent": 498, "skipped": 2}'::jsonb END,
                           CASE WHEN s <= 3 AND p = 3 THEN 'The template of campaign 17 has no block "footer"'
                                WHEN s % 40 = 39 THEN 'Connection to 10.0.0.7:443 timed out after 30000 ms' END
                      FROM workspace w, generate_series(0, 3) p, generate_series(1, 60) s WHERE w.name = 'console'
                    """,
                    "UPDATE chunk SET cause = chunk_cause(error) WHERE job_instance_id = 77000001 AND state = 'FAILED'",
                    """
                    INSERT INTO chunk_attempt (workspace_id, job_instance_id, chunk_id, attempt, node, started_at,
                                               ended_at, outcome, cause, error, stack)
                    SELECT c.workspace_id, c.job_instance_id, c.id, a, 'worker-' || a % 5, c.started_at + a * interval '1 second',
                           c.started_at + a * interval '2 seconds', 'FAILED', c.cause, c.error,
                           c.error || E'\\n\\tat io.example.Send.chunk(Send.java:42)\\n\\tat io.example.Worker.run(Worker.java:7)'
                      FROM chunk c, generate_series(1, 5) a WHERE c.job_instance_id = 77000001 AND c.state = 'FAILED'
                    """,
                    """
                    UPDATE launch l SET chunks = c.all, chunks_done = c.done, chunks_failed = c.failed
                      FROM (SELECT job_instance_id, count(*) AS all, count(*) FILTER (WHERE state = 'DONE') AS done,
                                   count(*) FILTER (WHERE state = 'FAILED') AS failed
                              FROM chunk WHERE job_instance_id = 77000001 GROUP BY 1) c
                     WHERE l.job_instance_id = c.job_instance_id
                    """,
                    """
                    INSERT INTO step_minute (workspace_id, step_name, minute, chunks, items, failures, busy_millis)
                    SELECT w.id, step, date_trunc('minute', now()) - m * interval '1 minute', 10 + m % 7, (10 + m % 7) * 500,
                           m % 11 / 10, 90000 + m % 13 * 9000
                      FROM workspace w, generate_series(1, 55) m, unnest(ARRAY['delivery.send', 'import.rows']) step
                     WHERE w.name = 'console'
                    """,
                    """
                    INSERT INTO launch_action (workspace_id, launch_id, at, actor, action, reason)
                    SELECT workspace_id, id, now() - interval '30 minutes', '{"kind": "PERSON", "name": "ana@example.com"}',
                           'RESTART', 'The provider answers again'
                      FROM launch WHERE job_instance_id = 77000001
                    """);

    private ConsoleFixture() {}

    /** A key of everything in the workspace. */
    static String fill() throws Exception {
        String key = TestApi.keyOfAnotherWorkspace("console");
        for (String statement : STATEMENTS) {
            TestApi.owner().sql(statement).update();
        }
        return key;
    }

    /**
     * A key of the same workspace that may do less.
     *
     * @param scopes separated by commas
     */
    static String key(String scopes) throws Exception {
        String key = "key of the console that may " + scopes;
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        TestApi.owner()
                .sql(
                        """
                        INSERT INTO api_key (workspace_id, name, key_hash, scopes)
                        SELECT id, 'less', decode(:hash, 'hex'), string_to_array(:scopes, ',')
                          FROM workspace WHERE name = 'console'
                        """)
                .param("hash", HexFormat.of().formatHex(hash))
                .param("scopes", scopes)
                .update();
        return key;
    }

    /** The id of a failed chunk. */
    static long failedChunk() {
        return TestApi.owner()
                .sql(
                        "SELECT min(id) FROM chunk WHERE job_instance_id = 77000001 AND state = 'FAILED'")
                .query(Long.class)
                .single();
    }
}
