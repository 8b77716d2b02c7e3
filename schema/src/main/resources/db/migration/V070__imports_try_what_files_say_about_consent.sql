-- A row of a file may say that somebody does not want mail. Any row of an address counts, in whatever order workers
-- meet them, so a dry run has to remember the least willing word of those that it has met.
ALTER TABLE import_trial
    ADD COLUMN status text CHECK (status IN ('PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'));
COMMENT ON COLUMN import_trial.status IS
    'The lowest status that a row of the address gave, by the order of ContactStatus; null if none gave one';
