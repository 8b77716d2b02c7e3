-- spread
WITH lowest AS (
    SELECT email, (ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'])[max(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], status))] AS status
      FROM import_row WHERE status IS NOT NULL GROUP BY email
)
UPDATE import_row r SET status = lowest.status FROM lowest
 WHERE r.email = lowest.email AND r.status IS DISTINCT FROM lowest.status

-- suppress, mode CREATE_OR_UPDATE
WITH lowest AS (
    SELECT email, (ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'])[max(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], status))] AS status
      FROM import_row WHERE status IS NOT NULL GROUP BY email
), affected AS (
    SELECT lowest.email, lowest.status, c.id, c.status AS was, c.import_id, c.import_outcome
      FROM lowest
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = lowest.email OFFSET 0) c ON true
     WHERE c.id IS NULL OR array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], lowest.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], c.status), 0)
), suppressed AS (
    INSERT INTO suppression AS s (workspace_id, email, reason, source)
    SELECT 7, email, status, ? FROM affected WHERE status <> 'PENDING' ORDER BY email
    ON CONFLICT (workspace_id, email) DO UPDATE SET reason = excluded.reason
     WHERE s.source = excluded.source AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], excluded.reason) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], s.reason), 0)
)
INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id)
SELECT 7, id, email, was, 'the imported file says ' || status, 42 FROM affected
 WHERE id IS NOT NULL AND (import_id IS DISTINCT FROM 42 OR import_outcome <> 'C')
ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING

-- suppress, mode CREATE
WITH lowest AS (
    SELECT email, (ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'])[max(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], status))] AS status
      FROM import_row WHERE status IS NOT NULL GROUP BY email
), affected AS (
    SELECT lowest.email, lowest.status, c.id, c.status AS was, c.import_id, c.import_outcome
      FROM lowest
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = lowest.email OFFSET 0) c ON true
     WHERE c.id IS NULL OR c.import_id = 42 AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], lowest.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], c.status), 0)
), suppressed AS (
    INSERT INTO suppression AS s (workspace_id, email, reason, source)
    SELECT 7, email, status, ? FROM affected WHERE status <> 'PENDING' ORDER BY email
    ON CONFLICT (workspace_id, email) DO UPDATE SET reason = excluded.reason
     WHERE s.source = excluded.source AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], excluded.reason) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], s.reason), 0)
)
INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id)
SELECT 7, id, email, was, 'the imported file says ' || status, 42 FROM affected
 WHERE id IS NOT NULL AND (import_id IS DISTINCT FROM 42 OR import_outcome <> 'C')
ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING

-- suppress, mode UPDATE
WITH lowest AS (
    SELECT email, (ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'])[max(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], status))] AS status
      FROM import_row WHERE status IS NOT NULL GROUP BY email
), affected AS (
    SELECT lowest.email, lowest.status, c.id, c.status AS was, c.import_id, c.import_outcome
      FROM lowest
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = lowest.email OFFSET 0) c ON true
     WHERE c.id IS NOT NULL AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], lowest.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], c.status), 0)
), suppressed AS (
    INSERT INTO suppression AS s (workspace_id, email, reason, source)
    SELECT 7, email, status, ? FROM affected WHERE status <> 'PENDING' ORDER BY email
    ON CONFLICT (workspace_id, email) DO UPDATE SET reason = excluded.reason
     WHERE s.source = excluded.source AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], excluded.reason) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], s.reason), 0)
)
INSERT INTO consent_change (workspace_id, contact_id, email, was, reason, import_id)
SELECT 7, id, email, was, 'the imported file says ' || status, 42 FROM affected
 WHERE id IS NOT NULL AND (import_id IS DISTINCT FROM 42 OR import_outcome <> 'C')
ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING

-- lock before a resubscription
SELECT 1 FROM suppression
 WHERE workspace_id = ? AND email IN (SELECT email FROM import_row)
 ORDER BY email FOR UPDATE

-- audit of a resubscription
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), resubscribed AS (
    SELECT c.id, c.email, s.reason, s.source,
           coalesce(c.import_before ->> 'status',
                    CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END) AS was
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email OFFSET 0) c
      LEFT JOIN suppression s ON s.workspace_id = c.workspace_id AND s.email = c.email
     WHERE c.import_id = 42 AND c.import_line = l.line AND c.status = 'SUBSCRIBED'
       AND (s.email IS NOT NULL OR c.import_before ->> 'status' IN ('UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'))
), audited AS (
    INSERT INTO consent_change (workspace_id, contact_id, email, was, suppression,
                                suppressed_by, reason, import_id)
    SELECT 7, id, email, was, reason, source, ?, 42 FROM resubscribed
    ON CONFLICT (workspace_id, import_id, contact_id) DO NOTHING
)
DELETE FROM suppression s USING resubscribed
 WHERE s.workspace_id = 7 AND s.email = resubscribed.email
