-- An index under row-level security serves comparisons of columns, not of what is computed from them.
ALTER TABLE launch ADD COLUMN took interval GENERATED ALWAYS AS (ended_at - started_at) STORED;

-- Operators search a million jobs. An update of a launch writes to every index that has the row, because its state is
-- in their predicates: these indexes have a row only when it ends, so a job costs one entry in each, and one that the
-- product launched by itself none. Jobs that have not ended are few, and found by launch_alive.
CREATE INDEX launch_by_job ON launch (workspace_id, job_name, id) WHERE ended_at IS NOT NULL AND NOT housekeeping;
CREATE INDEX launch_by_node ON launch (workspace_id, owner, id) WHERE ended_at IS NOT NULL AND NOT housekeeping;
CREATE INDEX launch_by_request ON launch (workspace_id, requested_at, id) WHERE ended_at IS NOT NULL AND NOT housekeeping;
CREATE INDEX launch_by_duration ON launch (workspace_id, took) WHERE ended_at IS NOT NULL AND NOT housekeeping;

-- Jobs that complete are not in it, whoever launched them.
CREATE INDEX launch_unsuccessful ON launch (workspace_id, id) WHERE state IN ('FAILED', 'STOPPED', 'ABANDONED');

-- The words of key, parameters and error. Row-level security lets no index serve LIKE or full-text operators, which are
-- not leakproof; comparisons of words are. "C" makes a prefix a range.
CREATE TABLE launch_word (
    workspace_id bigint NOT NULL,
    launch_id    bigint NOT NULL,
    word         text   COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, word, launch_id)
);
CREATE INDEX launch_word_of_launch ON launch_word (launch_id, word);
ALTER TABLE launch_word ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON launch_word
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
CREATE POLICY engine_across_workspaces ON launch_word
    USING ((SELECT engine_at_work()))
    WITH CHECK ((SELECT engine_at_work()));

-- At most 60, each cut to 60 characters.
CREATE FUNCTION words_of(text text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog
    BEGIN ATOMIC
        SELECT DISTINCT left(lower(w), 60) FROM regexp_split_to_table(left(text, 4000), '[^[:alnum:]]+') w
         WHERE length(w) > 1 LIMIT 60;
    END;

CREATE FUNCTION launch_words() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.launch_word (workspace_id, launch_id, word)
    SELECT NEW.workspace_id, NEW.id, w
      FROM public.words_of(CASE TG_OP
               WHEN 'INSERT' THEN NEW.job_key || ' ' || (SELECT coalesce(string_agg(p.key || ' ' || p.value, ' '), '')
                                                           FROM jsonb_each_text(NEW.parameters) p)
               ELSE NEW.error END) w
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER searched_by_parameters AFTER INSERT ON launch
    FOR EACH ROW WHEN (NOT NEW.housekeeping) EXECUTE FUNCTION launch_words();
CREATE TRIGGER searched_by_error AFTER UPDATE OF error ON launch
    FOR EACH ROW WHEN (NEW.error IS NOT NULL AND NEW.error IS DISTINCT FROM OLD.error)
    EXECUTE FUNCTION launch_words();

SELECT set_config('app.engine', 'on', true);
INSERT INTO launch_word (workspace_id, launch_id, word)
SELECT DISTINCT l.workspace_id, l.id, w
  FROM launch l
 CROSS JOIN LATERAL words_of(CASE WHEN l.housekeeping THEN '' ELSE
           l.job_key || ' ' || (SELECT coalesce(string_agg(p.key || ' ' || p.value, ' '), '')
                                  FROM jsonb_each_text(l.parameters) p) END
           || ' ' || coalesce(l.error, '')) w;
