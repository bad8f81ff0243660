-- What each file carried to prove itself (checksums, a CRC, counts), as it was recomputed when the file came in.
CREATE TABLE file_seals (
    source_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,             -- ASTM checksums, CRC-32, number of messages
    state VARCHAR NOT NULL,            -- intact, broken, unreadable or absent
    sentence VARCHAR NOT NULL
);
