-- Months of events are made ahead of need and go as a whole. A month whose events came before its table
-- did (they lie in event_other) could not be made: now they move into it.

CREATE OR REPLACE FUNCTION ensure_event_partitions(around timestamptz, months_ahead int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    month   timestamp;
    lower   timestamptz;
    upper   timestamptz;
    name    text;
    stored  text;
    created int := 0;
BEGIN
    -- Without the columns that are computed from others: into these nothing can be moved.
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO stored FROM pg_attribute
     WHERE attrelid = 'public.event'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    PERFORM pg_advisory_xact_lock(hashtext('mailgenius.partition'));
    FOR month IN
        SELECT generate_series(date_trunc('month', around AT TIME ZONE 'UTC') - interval '1 month',
                               date_trunc('month', around AT TIME ZONE 'UTC') + make_interval(months => months_ahead),
                               interval '1 month')
    LOOP
        name := 'event_' || to_char(month, 'YYYY_MM');
        lower := month AT TIME ZONE 'UTC';
        upper := (month + interval '1 month') AT TIME ZONE 'UTC';
        IF to_regclass(format('public.%I', name)) IS NULL THEN
            -- Nobody may add to what is being moved; readers wait for the end of it.
            LOCK TABLE public.event_other IN ACCESS EXCLUSIVE MODE;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)', name);
            EXECUTE format('REVOKE ALL ON public.%I FROM mailgenius_app', name);
            EXECUTE format('WITH strays AS (DELETE FROM public.event_other
                                             WHERE occurred_at >= %L AND occurred_at < %L RETURNING *)
                            INSERT INTO public.%I (%s) SELECT %s FROM strays', lower, upper, name, stored, stored);
            EXECUTE format('ALTER TABLE public.event ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                           name, lower, upper);
            created := created + 1;
        END IF;
    END LOOP;
    RETURN created;
END $$;

-- Whole months that ended before this moment. One with hours that no rollup has counted yet stays: counting
-- them afterwards would find nothing. Waits two seconds for its lock and else leaves it to the next time,
-- since everybody who writes events would wait behind it.
CREATE FUNCTION forget_events(before timestamptz) RETURNS int
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
        CONTINUE WHEN EXISTS (SELECT FROM public.event_mark m
                               WHERE m.hour < upper AND m.hour >= upper - interval '1 month');
        EXECUTE format('ALTER TABLE public.event DETACH PARTITION public.%I', name);
        EXECUTE format('DROP TABLE public.%I', name);
        forgotten := forgotten + 1;
    END LOOP;
    DELETE FROM public.event_other WHERE occurred_at < before;
    RETURN forgotten;
END $$;

-- A receipt is needed as long as a message may be delivered again.
CREATE INDEX event_receipt_by_age ON event_receipt USING brin (received_at) WITH (autosummarize = on);

CREATE FUNCTION forget_event_receipts(before timestamptz, at_most int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    forgotten int;
BEGIN
    DELETE FROM public.event_receipt r
     USING (SELECT workspace_id, message_id FROM public.event_receipt
             WHERE received_at < before LIMIT at_most FOR UPDATE SKIP LOCKED) old
     WHERE r.workspace_id = old.workspace_id AND r.message_id = old.message_id;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
