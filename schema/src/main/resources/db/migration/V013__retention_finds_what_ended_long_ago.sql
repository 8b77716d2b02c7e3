-- Every hour the engine looks for jobs that ended long ago; without an index it would read a year of them
-- to find that there are none.
CREATE INDEX launch_ended ON launch (ended_at) WHERE state IN ('COMPLETED', 'ABANDONED');
