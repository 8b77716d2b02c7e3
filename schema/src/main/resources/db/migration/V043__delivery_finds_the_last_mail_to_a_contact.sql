-- "Not mailed for 30 days" asks for the mails of one contact in all campaigns; the key of send leads with the campaign.
CREATE INDEX send_by_contact ON send (workspace_id, contact_id, recorded_at) WHERE status = 'SENT';
