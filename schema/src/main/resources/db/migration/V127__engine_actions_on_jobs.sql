-- Who stopped a job, and why, stood nowhere.
CREATE TABLE launch_action (
    workspace_id bigint      NOT NULL,
    launch_id    bigint      NOT NULL,
    id           bigint      GENERATED ALWAYS AS IDENTITY,
    at           timestamptz NOT NULL,
    -- Null if the product did it by itself.
    actor        jsonb,
    action       text        NOT NULL
                 CHECK (action IN ('STOP', 'RESUME', 'RESTART', 'ABANDON', 'PRIORITISE', 'RETRY')),
    reason       text        CHECK (length(reason) <= 500),
    detail       text        CHECK (length(detail) <= 500),
    PRIMARY KEY (workspace_id, launch_id, id)
);
ALTER TABLE launch_action ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON launch_action
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON launch_action
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));
CREATE TRIGGER audited AFTER INSERT ON launch_action
    FOR EACH ROW EXECUTE FUNCTION audit_change('workspace_id', 'launch_id');

-- A manager that decided on the end of a job before chunks of it were retried must not end it.
ALTER TABLE launch ADD COLUMN retries int NOT NULL DEFAULT 0;
COMMENT ON COLUMN launch.retries IS 'How often failed chunks were made ready while it was active';

-- What a list shows of a job that has ended, so that a page of jobs need not count their chunks.
ALTER TABLE launch
    ADD COLUMN chunks        bigint,
    ADD COLUMN chunks_done   bigint,
    ADD COLUMN chunks_failed bigint;
COMMENT ON COLUMN launch.chunks IS 'Of a job that has ended, as are chunks_done and chunks_failed; null if it ended before they were kept';
