-- What the other runs of a run's subjects said when it was judged: where that has changed, it is judged anew.
CREATE TABLE linked_runs (
    run_id BIGINT PRIMARY KEY,
    links_sha256 VARCHAR NOT NULL
);
-- Records of comparisons between two platforms, methods or calibrator lots that the laboratory accepted.
CREATE TABLE bridgings (
    kind VARCHAR NOT NULL,             -- calibrator_lot, platform or method
    bridged_from VARCHAR NOT NULL,
    bridged_to VARCHAR NOT NULL,
    analyte VARCHAR NOT NULL,          -- empty for every analyte
    matrix VARCHAR NOT NULL,           -- empty for every matrix
    version INTEGER NOT NULL,
    accepted BOOLEAN NOT NULL,
    document VARCHAR NOT NULL,
    recorded_by VARCHAR NOT NULL,
    source_id BIGINT NOT NULL
);
CREATE VIEW latest_bridgings AS
    SELECT * FROM bridgings
    QUALIFY version = max(version) OVER (PARTITION BY kind, bridged_from, bridged_to, analyte, matrix);
