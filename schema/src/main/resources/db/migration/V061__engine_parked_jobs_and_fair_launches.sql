-- A job that has enumerated its chunks is parked: no node runs it until a worker has finished the last of them.
-- While it is parked its task lies in the scheduler, unpicked and far in the future, and whoever sees that nothing is
-- left to wait for brings it forward. A job that ends in failure while chunks are still in hand is parked as well, and
-- remembers how it ends.
ALTER TABLE launch
    ADD COLUMN parked       boolean NOT NULL DEFAULT false,
    ADD COLUMN ending       text    CHECK (ending IN ('FAILED', 'STOPPED')),
    ADD COLUMN ending_error text,
    ADD COLUMN due_at       timestamptz;
CREATE INDEX launch_parked ON launch (job_instance_id) WHERE parked;

-- How many of a workspace wait to be launched: the more, the later comes the next one.
CREATE INDEX launch_queued ON launch (workspace_id, due_at) WHERE state = 'QUEUED';

-- Chunks that nobody was called for since they became ready: the sweeper asks every second, with thousands of jobs alive.
CREATE INDEX chunk_unpublished ON chunk (ready_at) WHERE unfinished AND published_at IS NULL;

-- What a restart goes on with is made ready when it is asked for, and no longer when it begins.
UPDATE chunk SET state = 'READY', failures = 0, published_at = NULL, finished_at = NULL,
                 ready_at = greatest(now(), not_before)
  FROM launch
 WHERE launch.job_instance_id = chunk.job_instance_id AND launch.state = 'QUEUED'
   AND chunk.state IN ('HELD', 'FAILED');
