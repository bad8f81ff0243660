-- What a delivery would change of rows that have results: it waits for a person, and the old rows count until then.
-- Whether it was accepted or refused stands in the ledger; what was accepted is a source that applies it.
ALTER TABLE sources ADD COLUMN delivered_by VARCHAR DEFAULT '';  -- effective user; empty in old rows
ALTER TABLE sources ADD COLUMN applies BIGINT;                   -- delivery whose accepted correction it takes into force
CREATE TABLE corrections (
    source_id BIGINT NOT NULL,         -- delivery; its number names the correction: C12
    ordinal INTEGER NOT NULL,
    table_name VARCHAR NOT NULL,       -- samples, subjects, controls, events, bridgings, runs, reported or wells
    study VARCHAR NOT NULL,            -- study of the row; empty where a row belongs to none
    key VARCHAR NOT NULL,              -- canonical JSON
    line BIGINT,                       -- line of the file
    before VARCHAR NOT NULL,           -- canonical JSON of the row in force when it came in; null for none
    after VARCHAR NOT NULL             -- canonical JSON of the row that was delivered; null for none
);
