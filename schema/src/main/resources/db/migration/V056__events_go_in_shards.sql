-- Two workers that count batches with the same contacts have to write one after the other. A contact's events
-- go into one shard, and a batch is of one shard, so that as many can write at once as there are shards.
ALTER TABLE event_batch ADD COLUMN shard smallint NOT NULL DEFAULT -1;
COMMENT ON COLUMN event_batch.shard IS 'That of all its contacts; -1 for a batch from before there were shards, which may have any';
