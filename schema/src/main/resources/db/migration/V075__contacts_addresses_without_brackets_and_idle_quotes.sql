-- Addresses were stored as they came with angle brackets around them (<ada@example.com>) or quotes that name the same
-- mailbox as without ("ada"@example.com), and so got past the suppression of ada@example.com. They get the form in
-- which addresses are compared. What the old mapping of domains to ASCII lost cannot be found again: straße.example
-- was stored as strasse.example, which may as well have been meant.

CREATE FUNCTION pg_temp.plain_spelling(email text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(
               regexp_replace(email, '^<(.*)>$', '\1'),
               '^"([a-z0-9!#$%&''*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*)"@', '\1@')
$$;

CREATE TEMP TABLE odd_suppression ON COMMIT DROP AS
SELECT workspace_id, email, pg_temp.plain_spelling(email) AS plain, reason, source, created_at
  FROM suppression
 WHERE (email LIKE '<%' OR email LIKE '"%') AND pg_temp.plain_spelling(email) NOT IN (email, '');

CREATE TEMP TABLE odd_contact ON COMMIT DROP AS
SELECT c.workspace_id, c.id, pg_temp.plain_spelling(c.email) AS plain,
       row_number() OVER (PARTITION BY c.workspace_id, pg_temp.plain_spelling(c.email) ORDER BY c.id) AS nth
  FROM contact AS c
 WHERE (c.email LIKE '<%' OR c.email LIKE '"%') AND pg_temp.plain_spelling(c.email) NOT IN (c.email, '');

-- Of several reasons the weightiest stays.
INSERT INTO suppression AS s (workspace_id, email, reason, source, created_at)
SELECT DISTINCT ON (workspace_id, plain) workspace_id, plain, reason, source, created_at
  FROM odd_suppression
 ORDER BY workspace_id, plain,
          array_position(ARRAY['MANUAL', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], reason) DESC
ON CONFLICT (workspace_id, email) DO UPDATE
   SET reason = excluded.reason, source = excluded.source
 WHERE array_position(ARRAY['MANUAL', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], excluded.reason)
     > array_position(ARRAY['MANUAL', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED'], s.reason);
DELETE FROM suppression AS s
 USING odd_suppression AS o
 WHERE s.workspace_id = o.workspace_id AND s.email = o.email;

-- The mailbox has a contact already: whoever reads it is not mailed twice.
UPDATE contact AS c
   SET status = 'UNSUBSCRIBED', updated_at = now()
  FROM odd_contact AS o
 WHERE c.workspace_id = o.workspace_id AND c.id = o.id AND c.status = 'SUBSCRIBED'
   AND (o.nth > 1
        OR EXISTS (SELECT FROM contact AS other
                    WHERE other.workspace_id = o.workspace_id AND other.email = o.plain));

UPDATE contact AS c
   SET email = o.plain, updated_at = now()
  FROM odd_contact AS o
 WHERE c.workspace_id = o.workspace_id AND c.id = o.id AND o.nth = 1
   AND NOT EXISTS (SELECT FROM contact AS other
                    WHERE other.workspace_id = o.workspace_id AND other.email = o.plain);

UPDATE contact AS c
   SET status = CASE s.reason WHEN 'MANUAL' THEN 'UNSUBSCRIBED' ELSE s.reason END, updated_at = now()
  FROM (SELECT workspace_id, plain FROM odd_contact
         UNION
        SELECT workspace_id, plain FROM odd_suppression) AS o,
       suppression AS s
 WHERE c.workspace_id = o.workspace_id AND c.email = o.plain
   AND s.workspace_id = o.workspace_id AND s.email = o.plain
   AND c.status IN ('SUBSCRIBED', 'PENDING');
