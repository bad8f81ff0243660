-- What every judgement gave to others and looked at, by kind and key: a run is judged anew where something that it saw is
-- otherwise now. It takes the place of four tables. Of older assessments nothing is on record: each run is judged once
-- more, and decisions on what has not changed stand.
CREATE TABLE fingerprints (
    run_id BIGINT NOT NULL,            -- 0 for the lab as a whole: up to what nothing was stale
    kind VARCHAR NOT NULL,
    key VARCHAR NOT NULL,              -- of what others share: a subject (hashed), an analyte on an instrument, an item
    said BIGINT NOT NULL,              -- what the run gives to others under the key: a sum of hashes; 0 for nothing
    saw VARCHAR                        -- what it looked at when it was judged; NULL where it did not look
);
DROP TABLE checked_runs;
DROP TABLE linked_runs;
DROP TABLE linked_up_to;
DROP TABLE decided_up_to;
