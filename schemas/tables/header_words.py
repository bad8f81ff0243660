"""Other words for columns that stand in more than one sheet; all others stand with their column."""

from __future__ import annotations

ANALYTE = (
    "test",
    "test_name",
    "assay_name",
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
    "analita",
    "analiet",
    "bestimmung",
    "prueba",
    "esame",
    "bepaling",
)
"""Words for ``analyte``."""
INSTRUMENT = ("instrument_id", "analyser", "analyzer", "analysegerät", "gerät", "appareil", "analizador")
"""Words for ``instrument``."""
LEVEL = ("control_level", "qc_level", "stufe", "kontrollstufe", "niveau", "nivel", "livello")
"""Words for ``level``."""
LOT = (
    "lot_no",
    "lot_number",
    "control_lot",
    "charge",
    "chargennummer",
    "chargen_nr",
    "kontrollcharge",
    "lote",
    "lotto",
)
"""Words for ``lot``."""
MATERIAL = (
    "control",
    "control_material",
    "qc_material",
    "kontrollmaterial",
    "kontrolle",
    "contrôle",
    "controllo",
    "controle",
)
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
    "matriz",
    "monstertype",
)
"""Words for ``matrix``."""
NOTE = (
    "remark",
    "remarks",
    "comment",
    "comments",
    "notes",
    "bemerkung",
    "bemerkungen",
    "kommentar",
    "kommentare",
    "anmerkung",
    "anmerkungen",
    "hinweis",
    "hinweise",
    "notiz",
    "remarque",
    "remarques",
    "commentaire",
    "commentaires",
    "observación",
    "observaciones",
    "comentario",
    "comentarios",
    "osservazioni",
    "commento",
    "opmerking",
    "opmerkingen",
)
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
    "campione",
    "monster",
    "monsternummer",
    "amostra",
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
    "sujet",
    "sujeto",
    "paciente",
    "paziente",
    "patiënt",
    "soggetto",
    "deelnemer",
)
"""Words for ``subject``."""
UNIT = ("units", "result_unit", "uom", "unit_of_measure", "einheit", "unité", "unidad", "unità", "eenheid", "unidade")
"""Words for ``unit``."""
