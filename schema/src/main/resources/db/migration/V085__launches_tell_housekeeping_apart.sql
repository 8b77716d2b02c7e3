-- A busy workspace has a rollup every few seconds. In a list of jobs nobody finds an import between them, so lists
-- leave out what nobody asked for: rollups, and whatever says of itself that it is housekeeping.
ALTER TABLE launch ADD COLUMN housekeeping boolean NOT NULL GENERATED ALWAYS AS
    (job_name = 'rollup' OR coalesce(parameters ->> 'housekeeping', '') = 'true') STORED;
COMMENT ON COLUMN launch.housekeeping IS 'Launched by the product itself; lists of jobs leave it out unless asked';

-- For pages of the list: with only the index over all launches a page would read past every rollup between two jobs.
CREATE INDEX launch_asked_for ON launch (workspace_id, id) WHERE NOT housekeeping;
