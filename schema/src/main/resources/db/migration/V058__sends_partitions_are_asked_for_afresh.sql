-- A campaign that is begun while its partition is dropped waits for that at its row and then makes the partition anew.
-- But within a transaction to_regclass answers from what the session remembers, and a session that had used the
-- partition before was told that it is there: the campaign's mails went out and could not be written down. A query of
-- the catalog sees what is committed.
CREATE OR REPLACE FUNCTION ensure_send_partition(campaign bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
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
        EXECUTE format('ALTER TABLE public.send ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)',
                       name, first, first + span);
    END IF;
END $$;
