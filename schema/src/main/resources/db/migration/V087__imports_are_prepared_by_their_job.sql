-- The request only stores the file. Its checksum, and what its columns become, are known when the job's first step
-- has prepared it; why a file is refused then, by the stable word that the API answers for it.
ALTER TABLE import ALTER COLUMN sha256 DROP NOT NULL;
ALTER TABLE import ADD COLUMN problem text;
