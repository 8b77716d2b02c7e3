-- Each new engagement went into two trees, by campaign and by contact, and the planner looked all of them up
-- by contact. Now that is the key, and one tree is all that is written. What one campaign's people did lies
-- close together, for as long as it was sent in one go, so a summary of each megabyte is enough to find it.
DROP INDEX engagement_by_contact;
ALTER TABLE engagement
    DROP CONSTRAINT engagement_pkey,
    ADD PRIMARY KEY (workspace_id, contact_id, campaign_id);
CREATE INDEX engagement_by_campaign ON engagement USING brin (workspace_id, campaign_id);
