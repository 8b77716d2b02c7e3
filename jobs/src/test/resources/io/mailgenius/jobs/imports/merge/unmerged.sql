-- contacts, mode CREATE_OR_UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN c.id IS NULL THEN 'M'
            WHEN c.import_id = 42
                 THEN CASE WHEN c.import_line > l.line THEN 'O' ELSE 'L' END
            WHEN false THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
 WHERE c.id IS NULL OR c.import_id IS DISTINCT FROM 42 OR c.import_line <> l.line

-- trial, mode CREATE_OR_UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN t.line > l.line THEN 'O'
            WHEN c.id IS NULL THEN 'M'
            WHEN false THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
  LEFT JOIN LATERAL (
       SELECT line FROM import_trial
        WHERE workspace_id = 7 AND import_id = 42
          AND email = l.email OFFSET 0) t ON true
 WHERE t.line IS DISTINCT FROM l.line

-- contacts, mode CREATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN c.id IS NULL THEN 'M'
            WHEN c.import_id = 42
                 THEN CASE WHEN c.import_line > l.line THEN 'O' ELSE 'L' END
            WHEN true THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
 WHERE c.id IS NULL OR c.import_id IS DISTINCT FROM 42 OR c.import_line <> l.line

-- trial, mode CREATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN t.line > l.line THEN 'O'
            WHEN c.id IS NULL THEN 'M'
            WHEN true THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
  LEFT JOIN LATERAL (
       SELECT line FROM import_trial
        WHERE workspace_id = 7 AND import_id = 42
          AND email = l.email OFFSET 0) t ON true
 WHERE t.line IS DISTINCT FROM l.line

-- contacts, mode UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN c.id IS NULL THEN 'M'
            WHEN c.import_id = 42
                 THEN CASE WHEN c.import_line > l.line THEN 'O' ELSE 'L' END
            WHEN false THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
 WHERE c.id IS NULL OR c.import_id IS DISTINCT FROM 42 OR c.import_line <> l.line

-- trial, mode UPDATE
WITH latest AS (
    SELECT DISTINCT ON (email) * FROM import_row WHERE email = ANY (?) ORDER BY email, line DESC
)
SELECT l.line, l.email,
       CASE WHEN t.line > l.line THEN 'O'
            WHEN c.id IS NULL THEN 'M'
            WHEN false THEN 'T'
            ELSE 'L' END
  FROM latest l
  LEFT JOIN LATERAL (
       SELECT * FROM contact
        WHERE workspace_id = 7 AND email = l.email OFFSET 0) c ON true
  LEFT JOIN LATERAL (
       SELECT line FROM import_trial
        WHERE workspace_id = 7 AND import_id = 42
          AND email = l.email OFFSET 0) t ON true
 WHERE t.line IS DISTINCT FROM l.line
