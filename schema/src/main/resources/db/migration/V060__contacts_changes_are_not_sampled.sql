-- Statistics of an array are of its elements. Those of ten thousand changes, of a thousand contacts each, took
-- PostgreSQL more than a second each time that enough of them had come in, which is once a minute while mails go
-- out or events are counted. Nothing looks for a contact in them.
ALTER TABLE contact_change ALTER COLUMN contact_ids SET STATISTICS 0;
