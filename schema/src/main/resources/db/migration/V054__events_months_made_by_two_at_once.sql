-- As V040 has it, but behind the lock pg_class is asked: to_regclass answers from what its session remembers. One
-- that had looked for a month before it waited for another node failed on the table that this one had just made.
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
        IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = name) THEN
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
