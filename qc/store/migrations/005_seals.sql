-- What was written, as hashes: one row for each group of rows that came in or were judged together. Rows of sealed
-- tables are added and never changed, so that a changed, added or missing row is seen.
CREATE TABLE seals (
    seal_id BIGINT PRIMARY KEY,
    table_name VARCHAR NOT NULL,
    key_column VARCHAR NOT NULL,       -- source_id, run_id or assessment_id
    key BIGINT NOT NULL,
    columns VARCHAR NOT NULL,          -- hashed columns, as canonical JSON: later migrations may add more
    n_rows BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL            -- of the rows as JSON, sorted, one a line
);
