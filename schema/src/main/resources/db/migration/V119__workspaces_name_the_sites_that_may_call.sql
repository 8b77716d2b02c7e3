-- Scripts of these sites may call the API of the workspace, and submit its forms.
ALTER TABLE workspace
    ADD COLUMN allowed_origins text[] NOT NULL DEFAULT '{}',
    -- BCP 47.
    ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language <> '');
CREATE INDEX workspace_allowed_origins ON workspace USING gin (allowed_origins);

-- A browser asks before it sends a key, so it is not known yet of which workspace the request will be.
CREATE FUNCTION origin_allowed_somewhere(origin text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM workspace w WHERE w.allowed_origins @> ARRAY[origin]);
    END;
