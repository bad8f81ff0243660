-- The facts: what instruments and people handed in, and what the judges said of it.
-- Long tables carry no index: rows are sorted by run, result_id = run_id * 2^20 + ordinal.
CREATE TABLE sources (
    source_id BIGINT PRIMARY KEY,
    sha256 VARCHAR NOT NULL,
    delivery_sha256 VARCHAR NOT NULL,
    part VARCHAR NOT NULL,             -- main, plate_map or run_sheet
    file_name VARCHAR NOT NULL,
    n_bytes BIGINT NOT NULL,
    kind VARCHAR NOT NULL,             -- results, plate, samples, subjects, controls
    reader VARCHAR NOT NULL,
    reader_version VARCHAR NOT NULL,
    software VARCHAR NOT NULL,
    ingested_at TIMESTAMP NOT NULL,    -- UTC
    n_rows BIGINT NOT NULL
);
CREATE TABLE subjects (
    study VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    sex VARCHAR NOT NULL,              -- female, male or empty
    birth_year INTEGER,
    source_id BIGINT NOT NULL
);
CREATE TABLE samples (
    study VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    visit VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    collected_at TIMESTAMP,
    frozen_at TIMESTAMP,
    tube VARCHAR NOT NULL,
    haemolysis_index DOUBLE,
    haemolysis_platform VARCHAR NOT NULL,
    rbc_per_ul DOUBLE,
    freeze_thaw_cycles INTEGER,
    source_id BIGINT NOT NULL
);
CREATE TABLE controls (
    material VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    lot VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    unit VARCHAR NOT NULL,
    target DOUBLE,
    sd DOUBLE,
    source_id BIGINT NOT NULL
);
CREATE TABLE runs (
    run_id BIGINT PRIMARY KEY,
    run VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    supersedes BIGINT,                 -- run_id of the version that this one corrects
    study VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    platform VARCHAR NOT NULL,
    instrument VARCHAR NOT NULL,
    operator VARCHAR NOT NULL,
    reagent_lot VARCHAR NOT NULL,
    calibrator_lot VARCHAR NOT NULL,
    started_at TIMESTAMP,
    model VARCHAR NOT NULL,
    weight VARCHAR NOT NULL,
    profile VARCHAR NOT NULL,
    reference_signal VARCHAR NOT NULL,
    source_id BIGINT NOT NULL,
    UNIQUE (run, version)
);
CREATE TABLE wells (
    run_id BIGINT NOT NULL,
    plate VARCHAR NOT NULL,
    well VARCHAR NOT NULL,
    line BIGINT,
    role VARCHAR NOT NULL,             -- calibrator, control, sample, blank or empty
    name VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    curve VARCHAR NOT NULL,
    conc DOUBLE,
    dilution DOUBLE NOT NULL,
    signal DOUBLE,
    signal_text VARCHAR NOT NULL,
    flag VARCHAR NOT NULL,
    material VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    lot VARCHAR NOT NULL
);
CREATE TABLE reported (
    run_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    role VARCHAR NOT NULL,             -- sample or control
    sample VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,          -- as written
    matrix VARCHAR NOT NULL,
    text VARCHAR NOT NULL,             -- as written
    unit VARCHAR NOT NULL,             -- as written
    dilution DOUBLE NOT NULL,
    method VARCHAR NOT NULL,
    replicate VARCHAR NOT NULL,
    material VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    lot VARCHAR NOT NULL,
    flag VARCHAR NOT NULL,
    decimal_comma BOOLEAN NOT NULL     -- does the file write 1,38 for 1.38
);
CREATE TABLE assessments (
    assessment_id BIGINT PRIMARY KEY,
    run_id BIGINT NOT NULL,
    assessed_at TIMESTAMP NOT NULL,    -- UTC
    software VARCHAR NOT NULL,
    rule_set_sha256 VARCHAR NOT NULL,
    inputs_sha256 VARCHAR NOT NULL,
    sheets_source_id BIGINT NOT NULL,  -- newest sample, subject or control sheet that was there
    profile VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    n_results BIGINT NOT NULL,
    n_auto_approved BIGINT NOT NULL,
    n_waiting BIGINT NOT NULL
);
CREATE TABLE rule_runs (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    n_findings BIGINT NOT NULL
);
CREATE TABLE findings (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    ordinal INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    verdict VARCHAR NOT NULL,
    scope VARCHAR NOT NULL,
    item VARCHAR NOT NULL,             -- what it holds: R12, R12/ferritin or R12.5
    key VARCHAR NOT NULL,              -- canonical JSON
    analyte VARCHAR NOT NULL,
    result_id BIGINT,
    observed DOUBLE,
    unit VARCHAR NOT NULL,
    limits VARCHAR NOT NULL,           -- canonical JSON
    sentence VARCHAR NOT NULL,
    suggestion VARCHAR NOT NULL,
    holds BOOLEAN NOT NULL             -- does it hold the item back until a person decides
);
CREATE TABLE curves (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    plate VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    curve VARCHAR NOT NULL,
    body VARCHAR NOT NULL              -- canonical JSON: model, weight, parameters, calibrators, LLOQ, ULOQ
);
CREATE TABLE well_concentrations (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    plate VARCHAR NOT NULL,
    well VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    curve VARCHAR NOT NULL,
    value DOUBLE,                      -- before dilution, in the unit of the calibrators
    censor VARCHAR NOT NULL
);
CREATE TABLE results (
    assessment_id BIGINT NOT NULL,
    result_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    study VARCHAR NOT NULL,
    sample VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    text VARCHAR NOT NULL,             -- as reported; empty for a calibrated result
    unit_text VARCHAR NOT NULL,
    value DOUBLE,                      -- in unit; NULL where there is no number
    unit VARCHAR NOT NULL,             -- canonical UCUM
    censor VARCHAR NOT NULL,           -- '', '<' or '>'
    censor_limit DOUBLE,
    dilution DOUBLE NOT NULL,
    n_replicates INTEGER NOT NULL,
    cv_percent DOUBLE,
    lloq DOUBLE,
    uloq DOUBLE,
    decimals INTEGER NOT NULL,
    plate VARCHAR NOT NULL,
    wells VARCHAR NOT NULL,
    line BIGINT,
    verdict VARCHAR NOT NULL,
    state VARCHAR NOT NULL             -- auto_approved or waiting
);
CREATE TABLE control_results (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    analyte VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    material VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    lot VARCHAR NOT NULL,
    value DOUBLE,
    unit VARCHAR NOT NULL,
    target DOUBLE,
    sd DOUBLE,
    z DOUBLE
);
CREATE TABLE run_summaries (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    analyte VARCHAR NOT NULL,
    matrix VARCHAR NOT NULL,
    n_samples INTEGER NOT NULL,
    n_results INTEGER NOT NULL,
    n_with_number INTEGER NOT NULL,
    n_below_lloq INTEGER NOT NULL,
    n_above_uloq INTEGER NOT NULL,
    n_flagged INTEGER NOT NULL,
    n_control_levels INTEGER NOT NULL,
    n_control_results INTEGER NOT NULL,
    min_replicates INTEGER NOT NULL,
    median_cv_percent DOUBLE,
    median_log10 DOUBLE
);
-- The newest assessment of each run, renewed at assessment, so that queue and gate never scan.
CREATE TABLE run_states (
    run_id BIGINT PRIMARY KEY,
    run VARCHAR NOT NULL,
    study VARCHAR NOT NULL,
    assessment_id BIGINT NOT NULL,
    verdict VARCHAR NOT NULL,
    state VARCHAR NOT NULL,            -- auto_approved or waiting
    n_results BIGINT NOT NULL,
    n_waiting BIGINT NOT NULL,
    is_superseded BOOLEAN NOT NULL
);
CREATE VIEW latest_samples AS
    SELECT * FROM samples QUALIFY version = max(version) OVER (PARTITION BY study, sample);
CREATE VIEW latest_subjects AS
    SELECT * FROM subjects QUALIFY version = max(version) OVER (PARTITION BY study, subject);
CREATE VIEW latest_controls AS
    SELECT * FROM controls QUALIFY version = max(version) OVER (PARTITION BY material, level, lot, analyte, matrix);
CREATE VIEW latest_results AS
    SELECT r.* FROM results r JOIN run_states s USING (run_id, assessment_id) WHERE NOT s.is_superseded;
CREATE VIEW open_findings AS
    SELECT f.* FROM findings f JOIN run_states s USING (run_id, assessment_id) WHERE f.holds AND NOT s.is_superseded;
