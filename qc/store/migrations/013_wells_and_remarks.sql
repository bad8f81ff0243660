-- What an instrument says of its wells beside the signals, and of a file as a whole.
ALTER TABLE wells ADD COLUMN n_beads BIGINT;           -- beads that were counted; NULL where nothing is counted
ALTER TABLE wells ADD COLUMN n_beads_asked BIGINT;     -- beads that the file asks for; NULL where it asks for none
ALTER TABLE wells ADD COLUMN remark VARCHAR DEFAULT '';
CREATE TABLE file_remarks (
    source_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,             -- instrument, end, map or unit
    place VARCHAR NOT NULL,
    sentence VARCHAR NOT NULL
);
