-- Row-level security bound the working role alone: the owner of the tables bypassed it, and tables launch and chunk
-- showed all rows to a session that had no workspace. Now a session sees the rows of its workspace, or none. Work
-- across workspaces says so in app.engine, which only the engine's own connections set.

CREATE FUNCTION engine_at_work() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.engine', true), '') = 'on';

ALTER POLICY own_workspace ON launch
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON launch
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));
ALTER POLICY own_workspace ON chunk
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON chunk
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));

-- For the owner of the tables, who migrates them and as whom SECURITY DEFINER functions run. Within a function that
-- the working role calls, the setting role still names that role. In a session of the owner it does not: there a
-- statement fails rather than finding nothing, because retention that finds nothing would drop what is still needed.
CREATE FUNCTION owner_at_work() RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $$
BEGIN
    IF public.engine_at_work() OR pg_catalog.current_setting('role') = 'mailgenius_app' THEN
        RETURN true;
    END IF;
    IF public.current_workspace() IS NULL THEN
        RAISE EXCEPTION 'The owner of the tables sees rows of all workspaces only after SET app.engine = ''on'''
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN false;
END $$;

-- Called for each table with a column workspace_id after every migration, and for each new partition. The policy
-- names the owner, so it is made anew if the table got another one.
CREATE FUNCTION wall_off(guarded regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    it pg_class;
BEGIN
    SELECT c.* INTO it FROM pg_class c WHERE c.oid = guarded;
    IF NOT (it.relrowsecurity AND it.relforcerowsecurity) THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', guarded);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = guarded AND p.polname = 'owner_across_workspaces'
                      AND p.polroles = ARRAY[it.relowner]) THEN
        EXECUTE format('DROP POLICY IF EXISTS owner_across_workspaces ON %s', guarded);
        EXECUTE format('CREATE POLICY owner_across_workspaces ON %s TO %I
                        USING ((SELECT owner_at_work())) WITH CHECK ((SELECT owner_at_work()))',
                       guarded, pg_get_userbyid(it.relowner));
    END IF;
END $$;
REVOKE ALL ON FUNCTION wall_off(regclass) FROM PUBLIC;

-- As V058 and V054 have them, with a wall around the new table.
CREATE OR REPLACE FUNCTION ensure_send_partition(campaign bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    span  constant bigint := 1000;
    first bigint := campaign / span * span;
    name  text := format('send_from_%s', first);
BEGIN
    IF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = name) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('mailgenius.send-partition'));
    IF NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = name) THEN
        EXECUTE format('CREATE TABLE public.%I (LIKE public.send INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format('REVOKE ALL ON public.%I FROM mailgenius_app', name);
        PERFORM wall_off(format('public.%I', name)::regclass);
        EXECUTE format('ALTER TABLE public.send ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)',
                       name, first, first + span);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ensure_event_partitions(around timestamptz, months_ahead int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
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
            PERFORM wall_off(format('public.%I', name)::regclass);
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
