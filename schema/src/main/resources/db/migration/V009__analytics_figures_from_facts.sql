-- Figures are derived from events and from nothing else: both tables can be emptied and counted anew.
-- engagement holds the first time of each kind per contact and campaign, and least() makes writing it
-- twice, or out of order, harmless; campaign_hour counts events, and contacts in the hour of their first.

CREATE TABLE engagement (
    workspace_id    bigint NOT NULL,
    campaign_id     bigint NOT NULL,
    contact_id      bigint NOT NULL,
    delivered_at    timestamptz,
    opened_at       timestamptz,
    clicked_at      timestamptz,
    bounced_at      timestamptz,
    complained_at   timestamptz,
    unsubscribed_at timestamptz,
    PRIMARY KEY (workspace_id, campaign_id, contact_id)
) WITH (fillfactor = 80);
CREATE INDEX ON engagement (workspace_id, contact_id);
ALTER TABLE engagement ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON engagement
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

CREATE TABLE campaign_hour (
    workspace_id bigint      NOT NULL,
    campaign_id  bigint      NOT NULL,
    hour         timestamptz NOT NULL,
    type         text        NOT NULL,
    events       bigint      NOT NULL CHECK (events >= 0),
    contacts     bigint      NOT NULL CHECK (contacts >= 0),
    PRIMARY KEY (workspace_id, campaign_id, hour, type)
);
ALTER TABLE campaign_hour ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_hour
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));
