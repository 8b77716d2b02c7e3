-- What was done of each step, minute by minute: workers add up what they did and write it every few seconds, so that a
-- chunk costs nothing here and a page reads no chunks.
CREATE TABLE step_minute (
    workspace_id bigint      NOT NULL,
    step_name    text        NOT NULL,
    minute       timestamptz NOT NULL,
    chunks       bigint      NOT NULL,
    items        bigint      NOT NULL,
    failures     bigint      NOT NULL,
    busy_millis  bigint      NOT NULL,
    PRIMARY KEY (workspace_id, minute, step_name)
);
CREATE INDEX ON step_minute (minute);
ALTER TABLE step_minute ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON step_minute
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON step_minute
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));
