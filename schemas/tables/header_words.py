"""Other words for columns that stand in more than one sheet; all others stand with their column."""

from __future__ import annotations

ANALYTE = ("test", "test_name", "assay", "parameter", "biomarker", "analyte_name")
"""Words for ``analyte``."""
INSTRUMENT = ("instrument_id", "analyser", "analyzer")
"""Words for ``instrument``."""
LEVEL = ("control_level", "qc_level")
"""Words for ``level``."""
LOT = ("lot_no", "lot_number", "control_lot")
"""Words for ``lot``."""
MATERIAL = ("control", "control_material", "qc_material")
"""Words for ``material``."""
MATRIX = ("sample_type", "fluid")
"""Words for ``matrix``."""
NOTE = ("remark", "remarks", "comment", "comments", "notes")
"""Words for ``note``."""
RECORDED_BY = ("recorded", "entered_by")
"""Words for ``recorded_by``."""
SAMPLE = ("sample_id", "sample_name", "sample_no", "barcode")
"""Words for ``sample``."""
STUDY = ("study_name", "project")
"""Words for ``study``."""
SUBJECT = ("subject_id", "patient", "patient_id", "pat_id", "participant", "participant_id")
"""Words for ``subject``."""
UNIT = ("units", "result_unit")
"""Words for ``unit``."""
