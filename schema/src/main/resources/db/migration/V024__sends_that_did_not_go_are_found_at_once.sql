-- Who of two million did not get the mail is asked for by status, and the key of send is in the order of contacts: it
-- was read from end to end for three failures. Mails that went out, nearly all of them, are not in this index, so
-- writing them costs what it did; asked for by status they are found along the key.
CREATE INDEX send_not_sent ON send (workspace_id, campaign_id, status, contact_id) WHERE status <> 'SENT';
