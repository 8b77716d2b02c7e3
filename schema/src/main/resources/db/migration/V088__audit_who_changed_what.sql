-- Who changed what: triggers record each change that a person or a program makes to the settings of a
-- workspace and to its campaigns, templates, segments, lists, topics and forms, in the transaction of
-- the change. What jobs change is not recorded here: their own tables say so.
--
-- The entries of a workspace are a chain: each has the hash of the one before it, so that an entry that
-- was changed or removed is found. The working role reads entries and adds none but through functions.

CREATE TABLE audit_entry (
    workspace_id  bigint      NOT NULL REFERENCES workspace,
    id            bigint      GENERATED ALWAYS AS IDENTITY,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- kind (KEY, PERSON, OPERATOR), id, name, address, requestId
    actor         jsonb       NOT NULL,
    action        text        NOT NULL CHECK (action IN ('CREATE', 'UPDATE', 'DELETE', 'REFUSED')),
    noun          text        NOT NULL,
    target        text,
    -- Of an update what differs; of a refused attempt what was asked.
    before        jsonb,
    after         jsonb,
    -- In the chain, from 1; set when the transaction commits.
    position      bigint,
    previous_hash bytea,
    hash          bytea,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX audit_entry_position ON audit_entry (workspace_id, position);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON audit_entry
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_entry FROM mailgenius_app;

-- Where the chain of a workspace ends.
CREATE TABLE audit_head (
    workspace_id bigint PRIMARY KEY REFERENCES workspace,
    position     bigint NOT NULL,
    hash         bytea  NOT NULL
);
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON audit_head
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_head FROM mailgenius_app;

-- What is hashed of an entry. Times are hashed as microseconds, which no setting of a session changes.
CREATE FUNCTION audit_hash(previous bytea, entry audit_entry) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public
    RETURN sha256(previous || convert_to(jsonb_build_array(
        entry.workspace_id, entry.position, entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint,
        entry.actor, entry.action, entry.noun, entry.target, entry.before, entry.after)::text, 'UTF8'));

-- Runs at the commit, when the transaction takes no more locks: a workspace's changes wait for each
-- other only for the commit itself.
CREATE FUNCTION audit_chain() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    head audit_head;
    entry audit_entry;
BEGIN
    INSERT INTO audit_head VALUES (NEW.workspace_id, 0, sha256(''::bytea)) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit_head WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    SELECT * INTO STRICT entry FROM audit_entry
     WHERE workspace_id = NEW.workspace_id AND id = NEW.id;
    entry.position := head.position + 1;
    UPDATE audit_entry
       SET position = entry.position, previous_hash = head.hash, hash = audit_hash(head.hash, entry)
     WHERE workspace_id = NEW.workspace_id AND id = NEW.id
     RETURNING * INTO STRICT entry;
    UPDATE audit_head SET position = entry.position, hash = entry.hash
     WHERE workspace_id = NEW.workspace_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_chain() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER chained AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();

-- Of large texts the beginning is kept, of secrets nothing.
CREATE FUNCTION audit_value(key text, value jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public
    RETURN CASE
        WHEN key ~ '(hash|secret|password|token|send_key)' THEN '"***"'::jsonb
        WHEN length(value::text) > 2000 THEN to_jsonb(left(value #>> '{}', 2000) || '…')
        ELSE value
    END;

-- Arguments: the column that holds the workspace's id, and the one that names the row.
CREATE FUNCTION audit_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    actor text := current_setting('app.actor', true);
    old_row jsonb;
    new_row jsonb;
    row jsonb;
    was jsonb;
    becomes jsonb;
BEGIN
    IF coalesce(actor, '') = '' THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    row := coalesce(new_row, old_row);
    IF TG_OP = 'INSERT' THEN
        SELECT jsonb_object_agg(n.key, audit_value(n.key, n.value)) INTO becomes
          FROM jsonb_each(new_row) n WHERE n.value <> 'null'::jsonb;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT jsonb_object_agg(o.key, audit_value(o.key, o.value)) INTO was
          FROM jsonb_each(old_row) o WHERE o.value <> 'null'::jsonb;
    ELSE
        SELECT jsonb_object_agg(o.key, audit_value(o.key, o.value)),
               jsonb_object_agg(n.key, audit_value(n.key, n.value))
          INTO was, becomes
          FROM jsonb_each(old_row) o JOIN jsonb_each(new_row) n ON n.key = o.key
         WHERE n.value IS DISTINCT FROM o.value;
        IF was IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO audit_entry (workspace_id, actor, action, noun, target, before, after)
    VALUES ((row ->> TG_ARGV[0])::bigint, actor::jsonb,
            CASE TG_OP WHEN 'INSERT' THEN 'CREATE' ELSE TG_OP END,
            TG_TABLE_NAME, row ->> TG_ARGV[1], was, becomes);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_change() FROM PUBLIC;

CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON workspace
    FOR EACH ROW EXECUTE FUNCTION audit_change('id', 'id');
DO $$
DECLARE
    noun text;
BEGIN
    FOREACH noun IN ARRAY ARRAY['api_key', 'campaign', 'template', 'segment', 'list', 'topic', 'form', 'import']
    LOOP
        EXECUTE format('CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION audit_change(''workspace_id'', ''id'')', noun);
    END LOOP;
END $$;
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON suppression
    FOR EACH ROW EXECUTE FUNCTION audit_change('workspace_id', 'email');
-- Imports write millions of contacts, so contacts and members of lists are looked at by statement: without an
-- actor that costs nothing.
CREATE FUNCTION audit_contacts_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        INSERT INTO audit_entry (workspace_id, actor, action, noun, target, after)
        SELECT t.workspace_id, current_setting('app.actor')::jsonb, 'CREATE', 'contact', t.id::text,
               (SELECT jsonb_object_agg(n.key, audit_value(n.key, n.value))
                  FROM jsonb_each(to_jsonb(t)) n WHERE n.value <> 'null'::jsonb)
          FROM touched t;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION audit_contacts_removed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        INSERT INTO audit_entry (workspace_id, actor, action, noun, target)
        SELECT t.workspace_id, current_setting('app.actor')::jsonb, 'DELETE', 'contact', t.id::text
          FROM touched t;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION audit_contacts_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        INSERT INTO audit_entry (workspace_id, actor, action, noun, target, before, after)
        SELECT d.workspace_id, current_setting('app.actor')::jsonb, 'UPDATE', 'contact', d.id::text, d.was, d.becomes
          FROM (SELECT o.workspace_id, o.id,
                       jsonb_object_agg(x.key, audit_value(x.key, x.value)) AS was,
                       jsonb_object_agg(y.key, audit_value(y.key, y.value)) AS becomes
                  FROM untouched o
                  JOIN touched t ON t.workspace_id = o.workspace_id AND t.id = o.id
                  CROSS JOIN LATERAL jsonb_each(to_jsonb(o)) x
                  JOIN LATERAL jsonb_each(to_jsonb(t)) y
                    ON y.key = x.key AND y.value IS DISTINCT FROM x.value
                 GROUP BY o.workspace_id, o.id) d;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION audit_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        INSERT INTO audit_entry (workspace_id, actor, action, noun, target, after)
        SELECT t.workspace_id, current_setting('app.actor')::jsonb,
               CASE TG_OP WHEN 'INSERT' THEN 'CREATE' ELSE 'DELETE' END, 'list_member', t.list_id::text,
               jsonb_build_object('contacts', count(*), 'first', (array_agg(t.contact_id ORDER BY t.contact_id))[1:100])
          FROM touched t
         GROUP BY t.workspace_id, t.list_id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_contacts_added(), audit_contacts_removed(), audit_contacts_changed(), audit_members() FROM PUBLIC;
CREATE TRIGGER audited_added AFTER INSERT ON contact REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit_contacts_added();
CREATE TRIGGER audited_removed AFTER DELETE ON contact REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit_contacts_removed();
CREATE TRIGGER audited_changed AFTER UPDATE ON contact REFERENCING OLD TABLE AS untouched NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit_contacts_changed();
CREATE TRIGGER audited_added AFTER INSERT ON list_member REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit_members();
CREATE TRIGGER audited_removed AFTER DELETE ON list_member REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit_members();

-- An attempt that was refused, or something that is done outside of these tables (signing in).
CREATE FUNCTION audit_attempt(actor jsonb, noun text, target text, asked jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO audit_entry (workspace_id, actor, action, noun, target, after)
        VALUES (current_workspace(), actor, 'REFUSED', noun, target, asked);
    END;
REVOKE ALL ON FUNCTION audit_attempt(jsonb, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_attempt(jsonb, text, text, jsonb) TO mailgenius_app;

-- The first entry of the current workspace that does not fit the one before it, if there is one, and
-- how many entries were looked at. A chain that was cut off at its end does not reach the head.
CREATE FUNCTION audit_verify() RETURNS TABLE (entries bigint, broken bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH chain AS (
            SELECT e.position, e.hash,
                   e.position = row_number() OVER by_position
                   AND e.previous_hash = coalesce(lag(e.hash) OVER by_position, sha256(''::bytea))
                   AND e.hash = audit_hash(e.previous_hash, e) AS fits
              FROM audit_entry e
             WHERE e.workspace_id = current_workspace() AND e.position IS NOT NULL
            WINDOW by_position AS (ORDER BY e.position))
        SELECT count(*), coalesce(
               min(c.position) FILTER (WHERE c.fits IS NOT TRUE),
               (SELECT h.position FROM audit_head h
                 WHERE h.workspace_id = current_workspace()
                   AND NOT EXISTS (SELECT FROM chain l WHERE l.position = h.position AND l.hash = h.hash)))
          FROM chain c;
    END;
REVOKE ALL ON FUNCTION audit_verify() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_verify() TO mailgenius_app;
