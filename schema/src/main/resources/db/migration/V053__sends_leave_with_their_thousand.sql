-- Sends of a thousand campaigns lie in one partition. It is made ahead of need, and goes as a whole once all of its
-- campaigns have ended long ago. A campaign remembers that it went: of nobody in particular is known any more whether
-- he got the mail, and that is not the same as that nobody got it.

ALTER TABLE campaign ADD COLUMN sends_forgotten_at timestamptz;
COMMENT ON COLUMN campaign.sends_forgotten_at IS 'Its rows of send were dropped; what they came to is in counts';

-- Attached and not created as a partition: that would have to wait until nobody sends, and all who send would wait
-- behind it. Behind the lock pg_class is asked, since to_regclass answers from what this session remembers.
CREATE OR REPLACE FUNCTION ensure_send_partition(campaign bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    span  constant bigint := 1000;
    first bigint := campaign / span * span;
    name  text := format('send_from_%s', first);
BEGIN
    IF to_regclass(format('public.%I', name)) IS NOT NULL THEN
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

-- Those of the next campaign and of so many thousands behind it.
CREATE FUNCTION ensure_send_partitions(thousands_ahead int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    span    constant bigint := 1000;
    next    bigint := coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.campaign', 'id')::regclass), 0) + 1;
    created int := 0;
BEGIN
    FOR i IN 0..thousands_ahead LOOP
        IF to_regclass(format('public.send_from_%s', (next / span + i) * span)) IS NULL THEN
            PERFORM ensure_send_partition(next + i * span);
            created := created + 1;
        END IF;
    END LOOP;
    RETURN created;
END $$;

SELECT ensure_send_partitions(3);

-- Whether nobody needs the sends of these campaigns any more. A draft has none, and gets a partition anew if it is
-- ever sent. A follow-up reads those of the campaign that it follows until it has ended itself.
CREATE FUNCTION sends_have_ended(first bigint, last bigint, before timestamptz) RETURNS boolean
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT NOT EXISTS (
            SELECT FROM campaign c LEFT JOIN launch l ON l.id = c.launch_id
             WHERE c.id BETWEEN sends_have_ended.first AND sends_have_ended.last
               AND c.status <> 'DRAFT'
               AND (c.status NOT IN ('SENT', 'CANCELLED', 'FAILED')
                    OR l.state IN ('QUEUED', 'RUNNING', 'STOPPING')
                    OR coalesce(c.finished_at, l.ended_at, c.launched_at, c.created_at) >= sends_have_ended.before))
        AND NOT EXISTS (
            SELECT FROM campaign f
             WHERE f.status IN ('SCHEDULED', 'SENDING', 'PAUSED')
               AND CAST(f.audience -> 'followUp' ->> 'campaignId' AS bigint)
                   BETWEEN sends_have_ended.first AND sends_have_ended.last);
    END;

-- Drops one partition and answers with its first campaign; NULL if none may go, or just now cannot. One a transaction:
-- who sends waits for one of them at most. Locks are waited for half a second, which is shorter than
-- deadlock_timeout, since everybody who sends would wait behind it.
--
-- A mail without an outcome keeps its partition until a person has decided.
--
-- Campaigns are held while they are looked at, so one that is begun meanwhile is either seen, or finds itself
-- forgotten and its partition gone. Segments that ask who was mailed are counted anew.
CREATE FUNCTION forget_sends(before timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET lock_timeout = '500ms'
AS $$
DECLARE
    span      constant bigint := 1000;
    allocated bigint := coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.campaign', 'id')::regclass), 0);
    name      text;
    first     bigint;
    last      bigint;
    waits     boolean;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('mailgenius.send-partition')) THEN
        RETURN NULL;
    END IF;
    FOR name, first IN
        SELECT c.relname, substr(c.relname, 11)::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'public.send'::regclass AND c.relname ~ '^send_from_\d+$'
         ORDER BY 2
    LOOP
        last := first + span - 1;
        EXIT WHEN last > allocated;
        CONTINUE WHEN NOT sends_have_ended(first, last, before);
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE status = ''UNKNOWN'')', name) INTO waits;
        CONTINUE WHEN waits;
        BEGIN
            PERFORM FROM public.campaign c WHERE c.id BETWEEN first AND last ORDER BY c.id FOR NO KEY UPDATE;
            CONTINUE WHEN NOT sends_have_ended(first, last, before);
            UPDATE public.segment s SET seen_tx = NULL
             WHERE s.seen_tx IS NOT NULL AND jsonb_path_exists(s.rule, '$.** ? (@.field == "mailed")')
               AND s.workspace_id IN (SELECT c.workspace_id FROM public.campaign c
                                       WHERE c.id BETWEEN first AND last AND c.launched_at IS NOT NULL);
            UPDATE public.campaign c SET sends_forgotten_at = now()
             WHERE c.id BETWEEN first AND last AND c.launched_at IS NOT NULL AND c.sends_forgotten_at IS NULL;
            EXECUTE format('ALTER TABLE public.send DETACH PARTITION public.%I', name);
            EXECUTE format('DROP TABLE public.%I', name);
            RETURN first;
        EXCEPTION WHEN lock_not_available THEN
            RETURN NULL;
        END;
    END LOOP;
    RETURN NULL;
END $$;
