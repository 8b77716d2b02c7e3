-- What holds for every table and function, whichever migration made it; RowLevelSecurityTest shows that it does. It
-- changes nothing where it holds already, and a table whose migration forgot its policy shows nothing at all.

DO $$
DECLARE
    guarded regclass;
    door    record;
BEGIN
    IF to_regprocedure('public.wall_off(regclass)') IS NULL THEN
        RETURN;
    END IF;

    FOR guarded IN
        SELECT c.oid FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND (c.relname = 'workspace'
                OR EXISTS (SELECT FROM pg_attribute a
                            WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                    AND EXISTS (SELECT FROM pg_policy p
                                 WHERE p.polrelid = c.oid AND p.polname = 'owner_across_workspaces'
                                   AND p.polroles = ARRAY[c.relowner]))
         ORDER BY c.oid
    LOOP
        PERFORM public.wall_off(guarded);
    END LOOP;

    -- Temporary tables are searched first unless pg_temp is named: a session could have such a function read its own.
    FOR door IN
        SELECT p.oid::regprocedure AS name, p.prorettype = 'trigger'::regtype AS of_trigger,
               EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                        WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') AS open,
               NOT coalesce('search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig), false) AS searches
          FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
           AND pg_has_role(p.proowner, 'USAGE')
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    LOOP
        IF door.searches THEN
            EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, public, pg_temp', door.name);
        END IF;
        IF door.open THEN
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', door.name);
            IF NOT door.of_trigger THEN
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO mailgenius_app', door.name);
            END IF;
        END IF;
    END LOOP;

    -- Databases made before PostgreSQL 15 let everybody create objects here, and functions would find these.
    IF EXISTS (SELECT FROM pg_namespace n, aclexplode(n.nspacl) a
                WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE') THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;

    -- A node whose login owns nothing asks whether the tables are those of its version.
    IF to_regclass('public.flyway_schema_history') IS NOT NULL
       AND NOT has_table_privilege('mailgenius_app', 'public.flyway_schema_history', 'SELECT') THEN
        GRANT SELECT ON public.flyway_schema_history TO mailgenius_app;
    END IF;
END $$;
