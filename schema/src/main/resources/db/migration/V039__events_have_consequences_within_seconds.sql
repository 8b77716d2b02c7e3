-- What follows from bounces and complaints must not wait for a rollup: the counts that decide about
-- pausing a campaign are written with the events.

ALTER TABLE workspace ADD COLUMN transient_bounces int NOT NULL DEFAULT 5 CHECK (transient_bounces BETWEEN 1 AND 100),
                      ADD COLUMN bounce_limit numeric NOT NULL DEFAULT 0.05 CHECK (bounce_limit > 0 AND bounce_limit <= 1),
                      ADD COLUMN complaint_limit numeric NOT NULL DEFAULT 0.003 CHECK (complaint_limit > 0 AND complaint_limit <= 1);

-- Events, not contacts. paused_at: the campaign was paused because of these; whoever resumes it has
-- decided, and it is not paused for the same reason again.
CREATE TABLE campaign_health (
    workspace_id bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    delivered    bigint NOT NULL DEFAULT 0,
    bounced      bigint NOT NULL DEFAULT 0,
    complained   bigint NOT NULL DEFAULT 0,
    paused_at    timestamptz,
    PRIMARY KEY (workspace_id, campaign_id)
) WITH (fillfactor = 50);
ALTER TABLE campaign_health ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_health
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Of all workspaces, with ids only: what goes wrong in more of its mails than its workspace lets pass. A few
-- mails say nothing yet, nor do a few complaints.
CREATE FUNCTION unhealthy_campaigns() RETURNS TABLE (workspace_id bigint, campaign_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT h.workspace_id, h.campaign_id
          FROM campaign_health h
          JOIN workspace w ON w.id = h.workspace_id
         WHERE h.paused_at IS NULL
           AND h.delivered + h.bounced >= 200
           AND (h.bounced >= 5 AND h.bounced > w.bounce_limit * (h.delivered + h.bounced)
                OR h.complained >= 5 AND h.complained > w.complaint_limit * h.delivered)
         ORDER BY h.workspace_id, h.campaign_id;
    END;
