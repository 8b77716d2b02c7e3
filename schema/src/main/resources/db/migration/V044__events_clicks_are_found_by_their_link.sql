-- "Clicked this link" asks for the clicks on one link among all that was heard of everybody. Resend says "link", our own
-- tracking "url". A column and not an index over the expression: below a policy, PostgreSQL uses no index through the
-- operators of jsonb. Its hash and not the link: a link may be longer than an entry of an index.
ALTER TABLE event ADD COLUMN link_hash bigint GENERATED ALWAYS AS
    (CASE WHEN type = 'CLICKED' THEN hashtextextended(coalesce(detail ->> 'url', detail ->> 'link'), 0) END) STORED;
CREATE INDEX event_by_link ON event (workspace_id, link_hash, contact_id) WHERE link_hash IS NOT NULL;
