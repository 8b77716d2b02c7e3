-- When and how fast a campaign goes out: at a moment in a zone, within hours of the day, so many a minute, so many a day.
-- None of it is searched for, so it is one document. What all nodes have taken of a campaign's allowance stands in a
-- row of its own, which whoever takes more of it locks: two nodes cannot both take the last of it.

ALTER TABLE campaign
    ADD COLUMN timing jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(timing) = 'object'),
    ADD CHECK ((timing ->> 'ratePerMinute')::bigint > 0),
    ADD CHECK ((timing -> 'warmUp' ->> 'firstDay')::bigint > 0 AND (timing -> 'warmUp' ->> 'growth')::numeric >= 1);

CREATE TABLE campaign_pace (
    workspace_id bigint      NOT NULL,
    campaign_id  bigint      NOT NULL,
    next_at      timestamptz,
    line_at      timestamptz,
    day          date,
    day_number   int         NOT NULL DEFAULT 0 CHECK (day_number >= 0),
    day_taken    bigint      NOT NULL DEFAULT 0 CHECK (day_taken >= 0),
    line_day     date,
    line_taken   bigint      NOT NULL DEFAULT 0 CHECK (line_taken >= 0),
    PRIMARY KEY (workspace_id, campaign_id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaign,
    CHECK ((day IS NULL) = (day_number = 0))
);
COMMENT ON COLUMN campaign_pace.next_at IS 'From when on the rate per minute lets the next mails go';
COMMENT ON COLUMN campaign_pace.line_at IS 'When to come for whoever is next to find no room: appointments follow each other at the rate';
COMMENT ON COLUMN campaign_pace.day_number IS 'The how manieth day of its warm-up on which mails went out day is';
COMMENT ON COLUMN campaign_pace.line_taken IS 'Mails that have been told to come on line_day';
ALTER TABLE campaign_pace ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_pace
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- A chunk that is born to wait. Not ready_at, which every postponement moves: a restart makes ready at once what was only
-- put off, and leaves alone what has its time.
ALTER TABLE chunk ADD COLUMN not_before timestamptz;
