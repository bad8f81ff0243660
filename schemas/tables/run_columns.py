"""What a results table may say of its run in columns: the same in each row of one run."""

from __future__ import annotations

import polars as pl

from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import Table


class RunColumns(Table):
    """Facts of the run that stand beside each of its results."""

    started_at: pl.Datetime = column(
        "When the run began, local time; of several times in one run the first. The run sheet may say it instead.",
        synonyms=(
            "run_started_at",
            "run_started",
            "run_start",
            "run_date",
            "date_of_run",
            "assay_date",
            "analysis_date",
            "analysed_at",
            "analyzed_at",
            "measured_at",
            "measurement_date",
            "messdatum",
            "messzeit",
            "messzeitpunkt",
            "run_started_on",
            "measured",
            "measured_on",
            "analysis_date/time",
            "date_of_analysis",
            "date_of_measurement",
            "date_measured",
            "date_analysed",
            "date_analyzed",
            "analysis_time",
            "test_date",
            "tested_at",
            "result_date",
            "result_time",
            "analysedatum",
            "datum_der_messung",
            "date_d'analyse",
            "fecha_de_análisis",
        ),
        nullable=True,
    )
    instrument: pl.String = column("Instrument that measured the run.", synonyms=header_words.INSTRUMENT)
    platform: pl.String = column("Instrument family or kit platform.")
    operator: pl.String = column("Who ran it.", synonyms=("analyst", "technician", "operator_id"))
    calibrator_lot: pl.String = column("Lot of the calibrators.", synonyms=("calibration_lot", "kalibratorcharge"))
