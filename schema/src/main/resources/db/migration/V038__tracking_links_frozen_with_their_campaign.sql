-- Opens and clicks of our own. Where a link of a campaign leads is written down when the campaign is
-- launched, so that no address in a request is ever followed: the number in a signed token finds it.

-- What a campaign does that says nothing about it.
ALTER TABLE workspace ADD COLUMN tracks_opens boolean NOT NULL DEFAULT true,
                      ADD COLUMN tracks_clicks boolean NOT NULL DEFAULT true;

-- NULL in a draft means what the workspace says; launching writes it down. Campaigns launched before
-- this was there keep NULL, which is off.
ALTER TABLE campaign ADD COLUMN tracks_opens boolean,
                     ADD COLUMN tracks_clicks boolean,
                     ADD COLUMN utm jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(utm) = 'object');

-- Somebody who asked not to be watched gets the same mail with plain links.
ALTER TABLE contact ADD COLUMN tracking boolean NOT NULL DEFAULT true;

-- url of a link that is not the same for everybody is what the author wrote; its address comes in the
-- token, signed.
CREATE TABLE campaign_link (
    workspace_id  bigint  NOT NULL,
    campaign_id   bigint  NOT NULL,
    number        int     NOT NULL CHECK (number > 0),
    url           text    NOT NULL CHECK (url <> ''),
    per_recipient boolean NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, campaign_id, number),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES campaign ON DELETE CASCADE
);
ALTER TABLE campaign_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON campaign_link
    USING (workspace_id = (SELECT current_workspace()))
    WITH CHECK (workspace_id = (SELECT current_workspace()));

-- Another one than that of unsubscribing: the links in a mail are seen by many, and none of them may
-- be made into the other.
INSERT INTO installation_secret (purpose, value)
VALUES ('tracking', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
