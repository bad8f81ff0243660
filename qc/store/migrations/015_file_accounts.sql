-- What became of the cells of each file: how many were used, and which were flagged or left aside, with the reason.
CREATE TABLE file_accounts (
    source_id BIGINT NOT NULL,
    n_cells BIGINT NOT NULL,           -- cells that are not blank = n_used + n_flagged + n_left
    n_used BIGINT NOT NULL,
    n_flagged BIGINT NOT NULL,
    n_left BIGINT NOT NULL
);
CREATE TABLE cells_aside (
    source_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    state VARCHAR NOT NULL,            -- flagged or left aside
    place VARCHAR NOT NULL,
    n_cells BIGINT NOT NULL,
    why VARCHAR NOT NULL,
    text VARCHAR NOT NULL              -- how the first of them begins; empty where the place says it
);
