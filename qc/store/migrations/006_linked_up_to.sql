-- Up to which assessment and which sheet every run was compared with what links it to others: what came later is
-- compared by the next pass, also where one was cut off. No row, or one.
CREATE TABLE linked_up_to (
    assessment_id BIGINT NOT NULL,
    sheets_source_id BIGINT NOT NULL
);
