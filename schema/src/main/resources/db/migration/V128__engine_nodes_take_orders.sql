-- Operators drain and pause nodes. A node reads its order in the statement of its heartbeat. Its id is that of one
-- process; its name stays the same when it is started again, and with it a pause.
ALTER TABLE node
    ADD COLUMN name         text,
    ADD COLUMN version      text,
    ADD COLUMN intake       text NOT NULL DEFAULT 'TAKING'
               CHECK (intake IN ('TAKING', 'PAUSED', 'DRAINING', 'DRAINED')),
    ADD COLUMN heap_used    bigint,
    ADD COLUMN heap_max     bigint,
    ADD COLUMN pool_active  int,
    ADD COLUMN pool_idle    int,
    ADD COLUMN pool_waiting int;

CREATE TABLE node_order (
    name       text        PRIMARY KEY,
    wanted     text        NOT NULL CHECK (wanted IN ('PAUSE', 'DRAIN')),
    -- The process that is to drain; a pause is for every process of this name.
    node       text        CHECK ((wanted = 'DRAIN') = (node IS NOT NULL)),
    ordered_at timestamptz NOT NULL,
    actor      jsonb,
    reason     text        CHECK (length(reason) <= 500)
);

CREATE TABLE node_dump (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node         text        NOT NULL,
    requested_at timestamptz NOT NULL,
    answered_at  timestamptz,
    threads      text,
    CHECK ((answered_at IS NULL) = (threads IS NULL))
);
CREATE INDEX ON node_dump (node, id);
