"""Other words for columns that stand in more than one sheet; all others stand with their column."""

from __future__ import annotations

ANALYTE = (
    "test",
    "test_name",
    "assay",
    "parameter",
    "biomarker",
    "analyte_name",
    "test_code",
    "analyt",
    "messgröße",
    "kenngröße",
    "untersuchung",
    "analyse",
    "paramètre",
    "analito",
)
"""Words for ``analyte``."""
INSTRUMENT = ("instrument_id", "analyser", "analyzer", "analysegerät", "gerät")
"""Words for ``instrument``."""
LEVEL = ("control_level", "qc_level", "stufe", "kontrollstufe")
"""Words for ``level``."""
LOT = ("lot_no", "lot_number", "control_lot", "charge", "chargennummer", "kontrollcharge")
"""Words for ``lot``."""
MATERIAL = ("control", "control_material", "qc_material", "kontrollmaterial", "kontrolle")
"""Words for ``material``."""
MATRIX = (
    "sample_type",
    "fluid",
    "specimen_type",
    "sample_matrix",
    "probenmaterial",
    "probenart",
    "untersuchungsmaterial",
    "matrice",
)
"""Words for ``matrix``."""
NOTE = ("remark", "remarks", "comment", "comments", "notes")
"""Words for ``note``."""
RECORDED_BY = ("recorded", "entered_by")
"""Words for ``recorded_by``."""
SAMPLE = (
    "sample_id",
    "sample_name",
    "sample_no",
    "barcode",
    "sample_code",
    "sample_number",
    "sample/ctrl_id",
    "sample/control_id",
    "sid",
    "tube_id",
    "specimen_id",
    "probe",
    "proben_id",
    "probennummer",
    "proben_nr",
    "probencode",
    "probenbezeichnung",
    "échantillon",
    "muestra",
)
"""Words for ``sample``."""
STUDY = ("study_name", "project", "study_id", "trial", "studie")
"""Words for ``study``."""
SUBJECT = (
    "subject_id",
    "patient",
    "patient_id",
    "pat_id",
    "participant",
    "participant_id",
    "subject_code",
    "subject_no",
    "subj_id",
    "patient_no",
    "patient_code",
    "patienten_id",
    "patientennummer",
    "patienten_nr",
    "pat_nr",
    "proband",
    "probanden_id",
    "teilnehmer",
)
"""Words for ``subject``."""
UNIT = ("units", "result_unit", "uom", "unit_of_measure", "einheit", "unité", "unidad")
"""Words for ``unit``."""
