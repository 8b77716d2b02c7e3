-- The error of an attempt was overwritten by the next one, so nobody saw afterwards what a chunk had gone through. Now
-- each attempt that does not succeed leaves a row, in the statement that ends it; one that succeeds writes nothing here.

-- What errors of one cause have in common: the first line without what differs from chunk to chunk.
CREATE FUNCTION chunk_cause(error text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
    RETURN left(regexp_replace(regexp_replace(regexp_replace(split_part(left(error, 2000), E'\n', 1),
        '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{22,27}', '#', 'g'),
        '''[^'']*''|"[^"]*"', '…', 'g'),
        '[0-9]+', '#', 'g'), 200);

ALTER TABLE chunk
    ADD COLUMN claimed_at timestamptz,
    ADD COLUMN cause      text;
COMMENT ON COLUMN chunk.claimed_at IS 'When it was claimed last; started_at is when it was claimed first';
COMMENT ON COLUMN chunk.cause IS 'The error without what differs between chunks that failed for the same reason';

SELECT set_config('app.engine', 'on', true);
UPDATE chunk SET cause = chunk_cause(error) WHERE state = 'FAILED';

-- Chunks that do not fail are not in it.
CREATE INDEX chunk_failed ON chunk (job_instance_id, cause) WHERE state = 'FAILED';

CREATE TABLE chunk_attempt (
    workspace_id    bigint      NOT NULL,
    job_instance_id bigint      NOT NULL,
    chunk_id        bigint      NOT NULL,
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    attempt         int         NOT NULL,
    node            text        NOT NULL,
    started_at      timestamptz,
    ended_at        timestamptz NOT NULL,
    outcome         text        NOT NULL CHECK (outcome IN ('FAILED', 'LOST', 'RETURNED')),
    cause           text        NOT NULL,
    error           text        NOT NULL,
    stack           text,
    PRIMARY KEY (workspace_id, job_instance_id, chunk_id, id)
);
ALTER TABLE chunk_attempt ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON chunk_attempt
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON chunk_attempt
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));
