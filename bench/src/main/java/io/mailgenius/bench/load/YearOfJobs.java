package io.mailgenius.bench.load;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes what a year of nightly jobs leaves in the ledger and in Spring Batch's metadata. */
final class YearOfJobs {

    private static final int A_NIGHT = 20;
    private static final int CHUNKS = 30;

    private YearOfJobs() {}

    /**
     * @return the number of launches written
     */
    static int write(JdbcClient jdbc, long workspace) {
        int launches = 365 * A_NIGHT;
        jdbc.sql(
                        """
                        CREATE TEMPORARY TABLE past AS
                        SELECT n, 1000000 + n AS id, now() - interval '31 days' - n * interval '1 hour' AS ended
                          FROM generate_series(1, :launches) n
                        """)
                .param("launches", launches)
                .update();
        for (String statement : STATEMENTS) {
            jdbc.sql(statement).param("workspace", workspace).param("chunks", CHUNKS).update();
        }
        jdbc.sql("DROP TABLE past").update();
        jdbc.sql(
                        "ANALYZE launch, chunk, batch_job_instance, batch_job_execution, batch_step_execution")
                .update();
        return launches;
    }

    private static final String[] STATEMENTS = {
        """
        INSERT INTO batch_job_instance (job_instance_id, version, job_name, job_key)
        SELECT id, 0, 'bench.noops', md5(id::text) FROM past
        """,
        """
        INSERT INTO batch_job_execution (job_execution_id, version, job_instance_id, create_time, start_time,
                                         end_time, status, exit_code, last_updated)
        SELECT id, 3, id, ended, ended, ended, 'COMPLETED', 'COMPLETED', ended FROM past
        """,
        """
        INSERT INTO batch_job_execution_params
        SELECT id, p, 'java.lang.Long', id::text, 'Y' FROM past, unnest(ARRAY['launchId', 'epoch', 'workspaceId']) p
        """,
        "INSERT INTO batch_job_execution_context SELECT id, '{}', NULL FROM past",
        """
        INSERT INTO batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time,
                                          start_time, end_time, status, exit_code)
        SELECT id * 10 + s, 3, 'step' || s, id, ended, ended, ended, 'COMPLETED', 'COMPLETED'
          FROM past, generate_series(0, 5) s
        """,
        """
        INSERT INTO batch_step_execution_context
        SELECT id * 10 + s, '{}', NULL FROM past, generate_series(0, 5) s
        """,
        """
        INSERT INTO launch (workspace_id, job_name, job_key, state, owner, job_instance_id, job_execution_id,
                            requested_at, started_at, ended_at)
        SELECT :workspace, 'bench.noops', 'past ' || id, 'COMPLETED', 'past', id, id, ended, ended, ended FROM past
        """,
        """
        INSERT INTO chunk (workspace_id, job_instance_id, step_name, partition, sequence, payload, state, counts,
                           ready_at, finished_at, owner)
        SELECT :workspace, id, 'bench.noop', 0, c, '{}', 'DONE', '{}', ended, ended, 'past'
          FROM past, generate_series(1, :chunks) c
        """
    };
}
