-- Two workers that count batches with the same contacts have to write one after the other. A contact's events
-- go in one lane, and a batch is of one lane, so that as many can write at once as there are lanes.
ALTER TABLE event_batch ADD COLUMN lane smallint NOT NULL DEFAULT -1;
COMMENT ON COLUMN event_batch.lane IS 'That of all its contacts; -1 for a batch from before there were lanes, which may have any';
