-- Events are facts: appended, never changed, in partitions of a month. A receipt per message of the
-- provider makes a repeated delivery harmless; it is committed together with the event.

CREATE TABLE event (
    workspace_id bigint      NOT NULL,
    occurred_at  timestamptz NOT NULL,
    campaign_id  bigint,
    contact_id   bigint,
    type         text        NOT NULL,
    message_id   text        NOT NULL,
    provider_id  text,
    detail       jsonb,
    received_at  timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (occurred_at);
CREATE INDEX event_by_campaign ON event (workspace_id, campaign_id, occurred_at);
CREATE INDEX event_by_contact ON event (workspace_id, contact_id, occurred_at);
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON event
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- For clocks that are wrong by years: better an event in an odd place than one lost.
CREATE TABLE event_other PARTITION OF event DEFAULT;
REVOKE ALL ON event_other FROM mailgenius_app;

CREATE FUNCTION ensure_event_partitions(around timestamptz, months_ahead int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    month   timestamp;
    name    text;
    created int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('mailgenius.partition'));
    FOR month IN
        SELECT generate_series(date_trunc('month', around AT TIME ZONE 'UTC') - interval '1 month',
                               date_trunc('month', around AT TIME ZONE 'UTC') + make_interval(months => months_ahead),
                               interval '1 month')
    LOOP
        name := 'event_' || to_char(month, 'YYYY_MM');
        IF to_regclass(format('public.%I', name)) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.event FOR VALUES FROM (%L) TO (%L)',
                           name, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
            EXECUTE format('REVOKE ALL ON public.%I FROM mailgenius_app', name);
            created := created + 1;
        END IF;
    END LOOP;
    RETURN created;
END $$;

CREATE TABLE event_receipt (
    workspace_id bigint      NOT NULL,
    message_id   text        NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, message_id)
);
ALTER TABLE event_receipt ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON event_receipt
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Hours of campaigns that have events which no rollup has counted yet. Written with the events;
-- marks tells a rollup whether more came while it counted.
CREATE TABLE event_mark (
    workspace_id bigint      NOT NULL,
    campaign_id  bigint      NOT NULL,
    hour         timestamptz NOT NULL,
    marks        bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (workspace_id, campaign_id, hour)
);
ALTER TABLE event_mark ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON event_mark
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE FUNCTION workspaces_with_marked_events() RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT DISTINCT m.workspace_id FROM event_mark m;
    END;
