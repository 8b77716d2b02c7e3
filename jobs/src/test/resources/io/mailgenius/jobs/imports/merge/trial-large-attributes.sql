-- upsert, mode CREATE_OR_UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO import_trial AS t (workspace_id, import_id, email, line, outcome, status)
    SELECT 7, 42, l.email, l.line, (CASE WHEN c.id IS NULL THEN 'C' WHEN (c.city, c.attributes) IS DISTINCT FROM (coalesce(l.city, c.city), c.attributes || l.attributes) THEN 'U' ELSE 'N' END)::"char", l.status
      FROM latest l
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
     WHERE true AND (c.id IS NULL OR NOT ((pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > 0) AND attributes_exceed(c.attributes || l.attributes)))
     ORDER BY l.email
    ON CONFLICT (workspace_id, import_id, email) DO UPDATE SET line = t.line WHERE false
    RETURNING t.email, t.outcome AS import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- upsert, mode CREATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO import_trial AS t (workspace_id, import_id, email, line, outcome, status)
    SELECT 7, 42, l.email, l.line, (CASE WHEN c.id IS NULL THEN 'C' WHEN (c.city, c.attributes) IS DISTINCT FROM (coalesce(l.city, c.city), c.attributes || l.attributes) THEN 'U' ELSE 'N' END)::"char", l.status
      FROM latest l
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
     WHERE c.id IS NULL AND (c.id IS NULL OR NOT ((pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > 0) AND attributes_exceed(c.attributes || l.attributes)))
     ORDER BY l.email
    ON CONFLICT (workspace_id, import_id, email) DO UPDATE SET line = t.line WHERE false
    RETURNING t.email, t.outcome AS import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- upsert, mode UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row ORDER BY email, line DESC
), merged AS (
    INSERT INTO import_trial AS t (workspace_id, import_id, email, line, outcome, status)
    SELECT 7, 42, l.email, l.line, (CASE WHEN c.id IS NULL THEN 'C' WHEN (c.city, c.attributes) IS DISTINCT FROM (coalesce(l.city, c.city), c.attributes || l.attributes) THEN 'U' ELSE 'N' END)::"char", l.status
      FROM latest l
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
     WHERE c.id IS NOT NULL AND (c.id IS NULL OR NOT ((pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > 0) AND attributes_exceed(c.attributes || l.attributes)))
     ORDER BY l.email
    ON CONFLICT (workspace_id, import_id, email) DO UPDATE SET line = t.line WHERE false
    RETURNING t.email, t.outcome AS import_outcome
)
SELECT import_outcome::text, count(*), NULL FROM merged GROUP BY 1
UNION ALL
SELECT NULL, 0, email
  FROM (SELECT email FROM import_row EXCEPT SELECT email FROM merged) AS unmerged

-- overridden
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
), r AS (
    SELECT l.*, t.outcome AS earlier, t.status AS stated_before
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT outcome, status FROM import_trial
            WHERE workspace_id = 7 AND import_id = 42
              AND email = l.email AND line < l.line
              FOR UPDATE) t
), computed AS (
    SELECT r.email, r.line, r.earlier, CASE WHEN array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.stated_before), 0) THEN r.status ELSE r.stated_before END AS status, (CASE WHEN c.id IS NULL THEN 'C' WHEN (c.city, c.attributes) IS DISTINCT FROM (coalesce(r.city, c.city), c.attributes || r.attributes) THEN 'U' ELSE 'N' END)::"char" AS outcome
      FROM r
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = r.email OFFSET 0) c ON true
     WHERE c.id IS NULL OR NOT ((pg_column_compression(c.attributes) IS NOT NULL OR pg_column_size(c.attributes) > 0) AND attributes_exceed(c.attributes || r.attributes))
), merged AS (
    UPDATE import_trial t SET line = n.line, outcome = n.outcome, status = n.status
      FROM computed n
     WHERE t.workspace_id = 7 AND t.import_id = 42 AND t.email = n.email
    RETURNING n.earlier, t.outcome
)
SELECT earlier::text, outcome::text, count(*) FROM merged GROUP BY 1, 2

-- lowered
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
), r AS (
    SELECT l.*, t.outcome AS earlier, t.status AS stated_before
      FROM latest l
     CROSS JOIN LATERAL (
           SELECT outcome, status FROM import_trial
            WHERE workspace_id = 7 AND import_id = 42
              AND email = l.email AND line > l.line
              FOR UPDATE) t
     WHERE l.status IS NOT NULL
), computed AS (
    SELECT r.email, r.earlier, CASE WHEN array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.stated_before), 0) THEN r.status ELSE r.stated_before END AS status,
           CASE WHEN r.earlier = 'N' AND array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], CASE WHEN array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.status) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], r.stated_before), 0) THEN r.status ELSE r.stated_before END) > coalesce(array_position(ARRAY['SUBSCRIBED', 'PENDING', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], c.status), 0) THEN 'U'
                ELSE r.earlier END AS outcome
      FROM r
      LEFT JOIN LATERAL (
           SELECT * FROM contact
            WHERE workspace_id = 7 AND email = r.email OFFSET 0) c ON true
), merged AS (
    UPDATE import_trial t SET outcome = n.outcome, status = n.status
      FROM computed n
     WHERE t.workspace_id = 7 AND t.import_id = 42 AND t.email = n.email
    RETURNING n.earlier, t.outcome
)
SELECT earlier::text, outcome::text, count(*) FROM merged GROUP BY 1, 2
