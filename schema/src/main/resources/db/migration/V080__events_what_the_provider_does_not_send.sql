-- A provider may accept a mail and fail it afterwards. When it fails all of them for one reason, the campaign
-- is to be paused like one whose mails bounce; and its list of suppressed addresses names no workspace.

ALTER TABLE campaign_health ADD COLUMN failed bigint NOT NULL DEFAULT 0;

-- As before, and: of the mails that were reported about, too many failed, or none did anything else.
CREATE OR REPLACE FUNCTION unhealthy_campaigns() RETURNS TABLE (workspace_id bigint, campaign_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT h.workspace_id, h.campaign_id
          FROM campaign_health h
          JOIN workspace w ON w.id = h.workspace_id
         WHERE h.paused_at IS NULL
           AND (h.delivered + h.bounced >= 200
                AND (h.bounced >= 5 AND h.bounced > w.bounce_limit * (h.delivered + h.bounced)
                     OR h.complained >= 5 AND h.complained > w.complaint_limit * h.delivered)
                OR h.failed >= 5 AND h.failed > w.bounce_limit * (h.delivered + h.bounced + h.failed)
                AND (h.delivered + h.bounced = 0 OR h.delivered + h.bounced + h.failed >= 200))
         ORDER BY h.workspace_id, h.campaign_id;
    END;

-- The workspaces that an account's suppression of this address concerns: those that know it, and the only
-- one there is. No workspace learns of addresses that only others have.
CREATE FUNCTION workspaces_that_know(address text) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT w.id
          FROM workspace w
         WHERE EXISTS (SELECT FROM contact c WHERE c.workspace_id = w.id AND c.email = address)
            OR EXISTS (SELECT FROM suppression s WHERE s.workspace_id = w.id AND s.email = address)
            OR NOT EXISTS (SELECT FROM workspace other WHERE other.id <> w.id)
         ORDER BY w.id;
    END;
