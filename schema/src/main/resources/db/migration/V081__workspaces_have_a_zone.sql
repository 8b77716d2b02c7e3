-- Days are those of a place. Whose day it is decides about people who are in a segment by a date.

ALTER TABLE workspace ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';

-- By whose days everybody was judged last; null before zones were known, which was UTC.
ALTER TABLE segment ADD COLUMN counted_zone text;
