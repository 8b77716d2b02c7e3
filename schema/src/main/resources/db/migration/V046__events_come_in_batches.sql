-- An hour of a campaign that gets another event need not be counted anew. Each commit of events is a
-- batch; a batch is counted once, in the transaction that takes its row away. What changes then is
-- added to the figures: an engagement that knew no first time gains a contact, one whose first time
-- moves to an earlier hour takes it from the later.

CREATE SEQUENCE event_batch_id;

ALTER TABLE event ADD COLUMN batch bigint;
CREATE INDEX event_by_batch ON event (workspace_id, batch) WHERE batch IS NOT NULL;
COMMENT ON COLUMN event.batch IS 'The commit that it came with; NULL for what is counted nowhere';

CREATE TABLE event_batch (
    workspace_id bigint      NOT NULL,
    id           bigint      NOT NULL DEFAULT nextval('event_batch_id'),
    events       int         NOT NULL CHECK (events > 0),
    campaigns    bigint[]    NOT NULL,
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL CHECK (last_at >= first_at),
    PRIMARY KEY (workspace_id, id)
);
COMMENT ON COLUMN event_batch.first_at IS 'The earliest time of its events: other months need not be looked at';
ALTER TABLE event_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON event_batch
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Every type has a first time now, so that a contact counts once per campaign in each of them.
ALTER TABLE engagement
    ADD COLUMN sent_at            timestamptz,
    ADD COLUMN delayed_at         timestamptz,
    ADD COLUMN failed_at          timestamptz,
    ADD COLUMN suppressed_at      timestamptz,
    ADD COLUMN machine_opened_at  timestamptz,
    ADD COLUMN machine_clicked_at timestamptz,
    ADD COLUMN mailbox            text COLLATE "C" NOT NULL DEFAULT 'other';
COMMENT ON COLUMN engagement.mailbox IS
    'Who runs the mailbox, by the address that the contact had when it was heard of first';

-- The whole key, or a planner without statistics takes it for as good as the primary key and reads every
-- campaign of a contact.
DROP INDEX engagement_workspace_id_contact_id_idx;
CREATE INDEX engagement_by_contact ON engagement (workspace_id, contact_id, campaign_id);

-- Reports over a time and all campaigns.
CREATE INDEX campaign_hour_by_hour ON campaign_hour (workspace_id, hour);

-- Figures of a whole campaign by something else than time.
CREATE TABLE campaign_breakdown (
    workspace_id bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    dimension    text   NOT NULL CHECK (dimension IN ('LINK', 'MAILBOX', 'DEVICE', 'CLIENT')),
    value        text   COLLATE "C" NOT NULL,
    type         text   NOT NULL,
    events       bigint NOT NULL CHECK (events >= 0),
    contacts     bigint NOT NULL CHECK (contacts >= 0),
    PRIMARY KEY (workspace_id, campaign_id, dimension, value, type)
);
ALTER TABLE campaign_breakdown ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_breakdown
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Who clicked which link: there a contact counts once, too.
CREATE TABLE engagement_link (
    workspace_id bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    contact_id   bigint NOT NULL,
    link         text   COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id, link)
);
ALTER TABLE engagement_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON engagement_link
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE OR REPLACE FUNCTION workspaces_with_marked_events() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT w.id FROM workspace w
         WHERE EXISTS (SELECT FROM event_batch b WHERE b.workspace_id = w.id);
    END;
CREATE OR REPLACE FUNCTION forget_events(before timestamptz) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET lock_timeout = '2s'
AS $$
DECLARE
    name      text;
    upper     timestamptz;
    forgotten int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('mailgenius.partition'));
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'public.event'::regclass AND c.relname ~ '^event_\d{4}_\d{2}$'
         ORDER BY c.relname
    LOOP
        upper := (to_date(substr(name, 7), 'YYYY_MM')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
        CONTINUE WHEN upper > before;
        CONTINUE WHEN EXISTS (SELECT FROM public.event_batch b
                               WHERE b.first_at < upper AND b.last_at >= upper - interval '1 month');
        EXECUTE format('ALTER TABLE public.event DETACH PARTITION public.%I', name);
        EXECUTE format('DROP TABLE public.%I', name);
        forgotten := forgotten + 1;
    END LOOP;
    DELETE FROM public.event_other WHERE occurred_at < before;
    RETURN forgotten;
END $$;
DROP TABLE event_mark;

-- What has come so far is counted anew, in batches of about ten thousand.
UPDATE event e
   SET batch = n.batch
  FROM (SELECT tableoid AS part, ctid AS place,
               1 + row_number() OVER (ORDER BY workspace_id, occurred_at) / 10000 AS batch
          FROM event
         WHERE campaign_id IS NOT NULL
           AND type IN ('SENT', 'DELIVERED', 'DELAYED', 'BOUNCED', 'COMPLAINED', 'OPENED', 'CLICKED',
                        'FAILED', 'SUPPRESSED', 'UNSUBSCRIBED')) AS n
 WHERE e.tableoid = n.part AND e.ctid = n.place;
SELECT setval('event_batch_id', coalesce((SELECT max(batch) FROM event), 0) + 1);
INSERT INTO event_batch (workspace_id, id, events, campaigns, first_at, last_at)
SELECT workspace_id, batch, count(*), array_agg(DISTINCT campaign_id), min(occurred_at), max(occurred_at)
  FROM event
 WHERE batch IS NOT NULL
 GROUP BY workspace_id, batch;
-- What was counted would be added to. Until the first rollup has ended, segments know of no engagement.
TRUNCATE campaign_hour, engagement;
