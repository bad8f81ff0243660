-- Arm of each subject, where a study has several: a label that blinded reviewers never see.
ALTER TABLE subjects ADD COLUMN arm VARCHAR DEFAULT '';
CREATE OR REPLACE VIEW latest_subjects AS
    SELECT * FROM subjects QUALIFY version = max(version) OVER (PARTITION BY study, subject);
