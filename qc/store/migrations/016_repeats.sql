-- What counts of several results of one sample and analyte: one row for each of them, written with the assessment of its
-- run. A sample with one result has no row.
CREATE TABLE repeats (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    result_id BIGINT NOT NULL,
    analyte VARCHAR NOT NULL,
    role VARCHAR NOT NULL,             -- reported, averaged, evidence or replaced
    policy VARCHAR NOT NULL,           -- what chose: lowest_in_range, mean_in_range, ask, ...
    is_declared BOOLEAN NOT NULL,      -- whether the laboratory has named the policy itself
    reported_id BIGINT,                -- result that stands for the sample, of this run or another; null where none does
    n_results BIGINT NOT NULL,         -- results among which was chosen
    value DOUBLE,                      -- number of the sample: that of the reported result, or the mean
    is_usable BOOLEAN NOT NULL,        -- in range, and nothing was said against it: what a plan may average
    why VARCHAR NOT NULL
);
CREATE VIEW latest_repeats AS
    SELECT p.*, s.study FROM repeats p JOIN run_states s USING (run_id, assessment_id) WHERE NOT s.is_superseded;
