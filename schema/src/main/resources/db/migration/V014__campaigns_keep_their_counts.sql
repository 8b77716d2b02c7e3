-- A campaign's counts come from the ledger while its job is there. The ledger is forgotten after a while,
-- and what a campaign sent is asked for years later: the end of the job writes the counts down.
ALTER TABLE campaign ADD COLUMN counts jsonb NOT NULL
    DEFAULT '{"recipients": 0, "sent": 0, "failed": 0, "skipped": 0, "unknown": 0}';
