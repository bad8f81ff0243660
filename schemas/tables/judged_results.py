"""Judged results: sample results in canonical units, with all that rules may look at."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.api.polars.container import DataFrameSchema

from schemas.tables.samples import SampleColumns, seen_by_rules
from schemas.tables.table import CENSORS, LARGEST, NOT_BLANK, SEXES, Table
from schemas.ucum import UnitState
from schemas.value import ValueState

STATUSES = ("", "confirmed", "unconfirmed", "proposed")
"""How far a limit may be trusted; empty if there is none."""

DETECTION_STATES = ("", "not_detected", "detected", "quantified")
"""At or below the limit of blank; above it and below the limit of quantitation; at or above that: CLSI EP17-A2."""


def _or_unknown(column: pa.Column) -> pa.Column:
    is_text = column.dtype.type == pl.String
    return pa.Column(column.dtype, checks=[] if is_text else column.checks, nullable=not is_text)


class JudgedResults(Table):
    """Results of one run. A limit that the catalogue does not state is null, its three texts are empty.

    What the sample sheet says of each sample stands beside these columns: see :func:`seen_by_rules`.
    """

    ordinal: pl.Int64 = pa.Field(ge=0)
    """Number of the result within the run."""
    sample: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Sample code."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte id; as written if it is not known."""
    matrix: pl.String
    """Matrix id."""
    method: pl.String
    """Method id."""
    text: pl.String
    """Value as reported; empty for a calibrated result."""
    unit_text: pl.String
    """Unit as written."""
    value: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Value in ``unit``; null where there is no number."""
    unit: pl.String
    """UCUM code."""
    censor: pl.String = pa.Field(isin=list(CENSORS))
    """Side of a censored value."""
    censor_limit: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Bound of a censored value in ``unit``; null if none was given."""
    flag: pl.String
    """Marks of the instrument or laboratory system, parted by commas; empty for none, and for calibrated results."""
    value_state: pl.String = pa.Field(isin=[state.value for state in ValueState])
    """What the value says."""
    unit_state: pl.String = pa.Field(isin=[state.value for state in UnitState])
    """What is known of the unit."""
    unit_sentence: pl.String
    """What is wrong with the unit; empty if nothing."""
    dilution: pl.Float64 = pa.Field(gt=0, le=LARGEST)
    """Dilution that is already in the value, without unit."""
    n_replicates: pl.Int64 = pa.Field(ge=0)
    """Number of replicates with a number."""
    cv_percent: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """CV of the replicates in percent; null with fewer than two."""
    plate: pl.String
    """Plate; empty for a table of results."""
    wells: pl.String
    """Wells; empty for a table of results."""
    line: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Line of the file; null if it has none."""
    sample_known: pl.Boolean
    """Whether the sample sheet names the sample."""
    subject_known: pl.Boolean
    """Whether the subject sheet names its subject; true where the study keeps none, or the sample is nobody's."""
    sample_matrix: pl.String
    """Matrix by the sample sheet; empty if unknown."""
    sex: pl.String = pa.Field(isin=list(SEXES))
    """Sex; empty if unknown."""
    age_years: pl.Float64 = pa.Field(nullable=True, ge=0, le=130)
    """Age at collection in years; null if unknown."""
    freezing_hours: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Hours from collection to freezing; null if one of the times is not known."""
    stored_days: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Days from freezing (from collection, where that is not known) to the run; null if a time is not known."""
    refused_tubes: pl.String
    """Tubes that the catalogue refuses for the analyte, in lower case, parted by ``|``; empty if none."""
    refused_tubes_source: pl.String
    """Source of ``refused_tubes``."""
    applicable: pl.Boolean
    """Whether the method may be used for this analyte in this matrix."""
    applicable_sentence: pl.String
    """Why not; empty if applicable."""
    lloq: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Lower limit of quantification in ``unit``; null if unknown."""
    uloq: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Upper limit of quantification in ``unit``; null if unknown."""
    decimals: pl.Int64 = pa.Field(ge=0, le=12)
    """Digits behind the point that are reported."""
    detection: pl.String = pa.Field(isin=list(DETECTION_STATES))
    """Where the result lies by the limits of blank, detection and quantitation; empty where none is known."""
    soft_low: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Below it a person looks, in the unit beside it; null if there is no such limit."""
    soft_low_unit: pl.String
    """Unit of ``soft_low``."""
    soft_low_source: pl.String
    """Source of ``soft_low``."""
    soft_low_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``soft_low``."""
    soft_low_key: pl.String
    """Key that ``soft_low`` was found by."""
    soft_high: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Above it a person looks, in the unit beside it; null if there is no such limit."""
    soft_high_unit: pl.String
    """Unit of ``soft_high``."""
    soft_high_source: pl.String
    """Source of ``soft_high``."""
    soft_high_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``soft_high``."""
    soft_high_key: pl.String
    """Key that ``soft_high`` was found by."""
    hard_low: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Below it the value cannot be true, in the unit beside it; null if there is no such limit."""
    hard_low_unit: pl.String
    """Unit of ``hard_low``."""
    hard_low_source: pl.String
    """Source of ``hard_low``."""
    hard_low_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``hard_low``."""
    hard_low_key: pl.String
    """Key that ``hard_low`` was found by."""
    hard_high: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Above it the value cannot be true, in the unit beside it; null if there is no such limit."""
    hard_high_unit: pl.String
    """Unit of ``hard_high``."""
    hard_high_source: pl.String
    """Source of ``hard_high``."""
    hard_high_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``hard_high``."""
    hard_high_key: pl.String
    """Key that ``hard_high`` was found by."""
    lob: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Limit of blank, in the unit beside it; null if there is no such limit."""
    lob_unit: pl.String
    """Unit of ``lob``."""
    lob_source: pl.String
    """Source of ``lob``."""
    lob_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``lob``."""
    lob_key: pl.String
    """Key that ``lob`` was found by."""
    lod: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Limit of detection, in the unit beside it; null if there is no such limit."""
    lod_unit: pl.String
    """Unit of ``lod``."""
    lod_source: pl.String
    """Source of ``lod``."""
    lod_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``lod``."""
    lod_key: pl.String
    """Key that ``lod`` was found by."""
    haemolysis: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Most free haemoglobin, in the unit beside it; null if there is no such limit."""
    haemolysis_unit: pl.String
    """Unit of ``haemolysis``."""
    haemolysis_source: pl.String
    """Source of ``haemolysis``."""
    haemolysis_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``haemolysis``."""
    haemolysis_key: pl.String
    """Key that ``haemolysis`` was found by."""
    rbc: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Most red cells in CSF, in the unit beside it; null if there is no such limit."""
    rbc_unit: pl.String
    """Unit of ``rbc``."""
    rbc_source: pl.String
    """Source of ``rbc``."""
    rbc_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``rbc``."""
    rbc_key: pl.String
    """Key that ``rbc`` was found by."""
    freeze_thaw: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Most freeze-thaw cycles, in the unit beside it; null if there is no such limit."""
    freeze_thaw_unit: pl.String
    """Unit of ``freeze_thaw``."""
    freeze_thaw_source: pl.String
    """Source of ``freeze_thaw``."""
    freeze_thaw_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``freeze_thaw``."""
    freeze_thaw_key: pl.String
    """Key that ``freeze_thaw`` was found by."""
    least_dilution: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Dilution that the method asks for at least; null if there is no such limit."""
    least_dilution_unit: pl.String
    """Unit of ``least_dilution``."""
    least_dilution_source: pl.String
    """Source of ``least_dilution``."""
    least_dilution_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``least_dilution``."""
    least_dilution_key: pl.String
    """Key that ``least_dilution`` was found by."""
    unit_factor: pl.Float64 = pa.Field(nullable=True, gt=0, le=LARGEST)
    """Factor from the unit as written to ``unit``, without unit; null if the unit is not known."""
    molar_unit: pl.String
    """Unit on the other side of the molar mass that laboratories use for the analyte; empty if there is none."""
    molar_factor: pl.Float64 = pa.Field(nullable=True, gt=0, le=LARGEST)
    """Factor from ``molar_unit`` to ``unit``; null if there is none."""
    reference_low: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Lower reference limit, in the unit beside it; null if there is no such limit."""
    reference_low_unit: pl.String
    """Unit of ``reference_low``."""
    reference_low_source: pl.String
    """Source of ``reference_low``."""
    reference_low_status: pl.String = pa.Field(isin=STATUSES)
    """Status of ``reference_low``."""
    reference_low_key: pl.String
    """Key that ``reference_low`` was found by."""
    reference_high: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Upper reference limit, in the unit beside it; null if there is no such limit."""
    reference_high_unit: pl.String
    """Unit of ``reference_high``."""
    reference_high_source: pl.String
    """Source of ``reference_high``."""
    reference_high_status: pl.String = pa.Field(isin=STATUSES)
    """Status of ``reference_high``."""
    reference_high_key: pl.String
    """Key that ``reference_high`` was found by."""

    hours_to_freezer: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Longest time from collection to freezing, in the unit beside it; null if there is no such limit."""
    hours_to_freezer_unit: pl.String
    """Unit of ``hours_to_freezer``."""
    hours_to_freezer_source: pl.String
    """Source of ``hours_to_freezer``."""
    hours_to_freezer_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``hours_to_freezer``."""
    hours_to_freezer_key: pl.String
    """Key that ``hours_to_freezer`` was found by."""
    storage_days: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Longest time in the freezer, in the unit beside it; null if there is no such limit."""
    storage_days_unit: pl.String
    """Unit of ``storage_days``."""
    storage_days_source: pl.String
    """Source of ``storage_days``."""
    storage_days_status: pl.String = pa.Field(isin=list(STATUSES))
    """Status of ``storage_days``."""
    storage_days_key: pl.String
    """Key that ``storage_days`` was found by."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["ordinal"]  # noqa: RUF012 - pandera reads the list from the class

    @classmethod
    def to_schema(cls) -> DataFrameSchema:
        """Return the schema with the columns of the sample sheet that rules see.

        Returns
        -------
        DataFrameSchema
            Schema; what the sample sheet does not say is an empty text, or null.
        """
        schema = super().to_schema()
        of_sample = SampleColumns.to_schema().columns
        return schema.add_columns({name: _or_unknown(of_sample[name]) for name in seen_by_rules()})
