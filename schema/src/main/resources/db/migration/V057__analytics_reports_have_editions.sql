-- While nothing more of a campaign is counted, its report is the same, and a node need not put it together again.
CREATE TABLE campaign_edition (
    workspace_id bigint NOT NULL,
    campaign_id  bigint NOT NULL,
    number       bigint NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id)
);
COMMENT ON COLUMN campaign_edition.number IS 'How often figures of the campaign have changed';
ALTER TABLE campaign_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_edition
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
