-- upsert, mode CREATE_OR_UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO contact AS c (workspace_id, email, status, import_id, import_line, import_outcome)
    SELECT 7, l.email, coalesce((SELECT CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END FROM suppression s WHERE s.workspace_id = 7 AND s.email = l.email), 'SUBSCRIBED'), 42, l.line, 'C'
      FROM latest l ORDER BY l.email
    ON CONFLICT (workspace_id, email) DO UPDATE
       SET import_id = 42,
           import_line = excluded.import_line,
           updated_at = CASE WHEN false THEN now() ELSE c.updated_at END,
           import_before = CASE WHEN false THEN jsonb_build_object('set', now(), 'updated_at', c.updated_at) END,
           import_outcome = CASE WHEN false THEN 'U' ELSE 'N' END
     WHERE c.import_id IS DISTINCT FROM 42 AND true
    RETURNING c.id, c.email, c.import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- upsert, mode CREATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO contact AS c (workspace_id, email, status, import_id, import_line, import_outcome)
    SELECT 7, l.email, coalesce((SELECT CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END FROM suppression s WHERE s.workspace_id = 7 AND s.email = l.email), 'SUBSCRIBED'), 42, l.line, 'C'
      FROM latest l ORDER BY l.email
    ON CONFLICT (workspace_id, email) DO NOTHING
    RETURNING c.id, c.email, c.import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- upsert, mode UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), r AS (
    SELECT l.*, c.id AS contact_id
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email
              FOR NO KEY UPDATE) c
), merged AS (
    UPDATE contact c
       SET import_id = 42,
           import_line = r.line,
           updated_at = CASE WHEN false THEN now() ELSE c.updated_at END,
           import_before = CASE WHEN false THEN jsonb_build_object('set', now(), 'updated_at', c.updated_at) END,
           import_outcome = CASE WHEN false THEN 'U' ELSE 'N' END
      FROM r
     WHERE c.workspace_id = 7 AND c.id = r.contact_id
       AND c.import_id IS DISTINCT FROM 42 AND true
    RETURNING c.id, c.email, c.import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- upsert, mode CREATE, in a workspace without suppressions
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO contact AS c (workspace_id, email, status, import_id, import_line, import_outcome)
    SELECT 7, l.email, 'SUBSCRIBED', 42, l.line, 'C'
      FROM latest l ORDER BY l.email
    ON CONFLICT (workspace_id, email) DO NOTHING
    RETURNING c.id, c.email, c.import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- overridden
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
), r AS (
    SELECT l.*, c.id AS contact_id, c.import_outcome AS earlier, c.import_before AS before_image,
           CASE WHEN c.import_outcome = 'C' AND c.updated_at = c.created_at THEN 'NOTHING'
                WHEN c.import_outcome = 'U'
                 AND c.updated_at = (c.import_before ->> 'set')::timestamptz THEN 'BEFORE_IMAGE'
                ELSE 'CURRENT' END AS base
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email
              AND import_id = 42 AND import_line < l.line
              FOR NO KEY UPDATE) c
), merged AS (
    UPDATE contact c
       SET import_line = r.line,
           updated_at = CASE WHEN r.base = 'NOTHING' THEN c.updated_at
                             WHEN false THEN now()
                             WHEN r.base = 'BEFORE_IMAGE'
                                  THEN (r.before_image ->> 'updated_at')::timestamptz
                             ELSE c.updated_at END,
           import_before = CASE WHEN r.base = 'BEFORE_IMAGE' AND false
                                     THEN jsonb_set(r.before_image, '{set}', to_jsonb(now()))
                                WHEN r.base = 'BEFORE_IMAGE' THEN NULL
                                WHEN r.earlier = 'N' AND false THEN jsonb_build_object('set', now(), 'updated_at', c.updated_at)
                                ELSE c.import_before END,
           import_outcome = CASE WHEN r.earlier = 'C' THEN 'C'
                                 WHEN r.earlier = 'U' AND r.base = 'CURRENT' THEN 'U'
                                 WHEN false THEN 'U' ELSE 'N' END
      FROM r
     WHERE c.workspace_id = 7 AND c.id = r.contact_id AND true
    RETURNING r.earlier, c.import_outcome
)
SELECT earlier::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2

-- lowered
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
), r AS (
    SELECT l.*, c.id AS contact_id, c.import_outcome AS earlier, c.import_before AS before_image
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email
              AND import_id = 42 AND import_line > l.line
              FOR NO KEY UPDATE) c
     WHERE l.status IS NOT NULL
), merged AS (
    UPDATE contact c
       SET status = r.status,
           updated_at = CASE WHEN r.earlier = 'C' AND c.updated_at = c.created_at
                                  THEN c.updated_at
                             ELSE now() END,
           import_before = CASE WHEN r.earlier = 'N' THEN jsonb_build_object('set', now(), 'updated_at', c.updated_at)
                                WHEN r.earlier = 'U'
                                 AND c.updated_at = (r.before_image ->> 'set')::timestamptz
                                     THEN jsonb_set(r.before_image, '{set}', to_jsonb(now()))
                                ELSE c.import_before END,
           import_outcome = CASE WHEN r.earlier = 'N' THEN 'U' ELSE r.earlier END
      FROM r
     WHERE c.workspace_id = 7 AND c.id = r.contact_id AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], c.status), 0)
    RETURNING r.earlier, c.import_outcome
)
SELECT earlier::text, import_outcome::text, count(*) FROM merged GROUP BY 1, 2
