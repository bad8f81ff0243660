"""Stored results: what an assessment made of a run, sample by sample and control by control."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.result_id import ORDINAL_BITS
from schemas.tables.control_results import TARGET_KINDS
from schemas.tables.judged_results import DETECTION_STATES
from schemas.tables.table import CENSORS, LARGEST, NOT_BLANK, Table

CATALOGUE = "catalogue_kinds"
"""Reference table: one row an analyte and matrix, with the canonical ``unit`` and the widest hard range of all
methods, ages and sexes, ``low`` to ``high``, in that unit; null is no limit."""
VERDICTS = ("pass", "warn", "reject", "not_evaluable", "broken")
"""What a rule may say; the first is silence."""
STATES = ("auto_approved", "waiting")
"""Whether a run waits for a person."""
RESULT_STATES = (*STATES, "evidence")
"""Whether a result waits for a person, or is kept as evidence beside another of its sample that counts."""
ROLES = ("reported", "averaged", "evidence", "replaced")
"""What a result is among several of its sample."""
_APPROVED = {"catalogue": CATALOGUE, "only": "state", "values": ["auto_approved"]}
OF_AN_ASSESSMENT = {
    "table": "assessments",
    "column": "assessment_id",
    "error": "Its assessment is not among the assessments.",
}
"""Parent of what belongs to an assessment."""


class StoredResults(Table):
    """Table ``results``: no result may be approved by itself that the catalogue calls impossible."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment that gave it."""
    result_id: pl.Int64 = pa.Field(ge=1)
    """Run and ordinal in one number."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    study: pl.String
    """Study."""
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
    """UCUM code; empty where the unit is not known."""
    censor: pl.String = pa.Field(isin=list(CENSORS))
    """Side of a censored value."""
    censor_limit: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Bound of a censored value in ``unit``; null if none was given."""
    dilution: pl.Float64 = pa.Field(gt=0, le=LARGEST)
    """Dilution that is already in the value, without unit."""
    n_replicates: pl.Int64 = pa.Field(ge=0)
    """Replicates with a number."""
    cv_percent: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """CV of the replicates in percent; null with fewer than two."""
    lloq: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Lower limit of quantification in ``unit``; null if unknown."""
    uloq: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Upper limit of quantification in ``unit``; null if unknown."""
    lob: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Limit of blank in ``unit``; null if unknown."""
    detection: pl.String = pa.Field(isin=list(DETECTION_STATES))
    """Where the result lies by the limits of blank, detection and quantitation; empty where none is known."""
    decimals: pl.Int64 = pa.Field(ge=0, le=12)
    """Digits behind the point that are reported."""
    plate: pl.String
    """Plate; empty for a table of results."""
    wells: pl.String
    """Wells; empty for a table of results."""
    line: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Line of the file; null if it has none."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS))
    """Gravest verdict on the result itself."""
    state: pl.String = pa.Field(isin=list(RESULT_STATES))
    """Whether it waits for a person, or does not count."""

    class Config(Table.Config):
        """Key and parent of the table, and what the catalogue says of approved rows."""

        unique = ["assessment_id", "result_id"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT
        number_within = {  # noqa: RUF012 - pandera reads it from the class
            "column": "result_id",
            "bits": ORDINAL_BITS,
            "of": "run_id",
            "error": "The result id does not carry the number of its run.",
        }
        kind_in_catalogue = _APPROVED | {"error": "The result is approved, and the catalogue does not know its kind."}
        unit_as_catalogued = _APPROVED | {"error": "The result is approved in another unit than the catalogue's."}
        value_in_catalogue_range = _APPROVED | {"error": "The result is approved, and no method makes it possible."}


class StoredRepeats(Table):
    """Table ``repeats``: what counts of several results of one sample and analyte."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment that chose."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    result_id: pl.Int64 = pa.Field(ge=1)
    """Run and ordinal in one number."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte id; as written if it is not known."""
    role: pl.String = pa.Field(isin=list(ROLES))
    """What the result is among them."""
    policy: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Policy that chose: ``lowest_in_range``, ..., ``ask``."""
    is_declared: pl.Boolean
    """Whether the laboratory has named the policy itself."""
    reported_id: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Result that stands for the sample, of this run or another; null where none does."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Results among which was chosen."""
    value: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Number of the sample: that of the reported result, or the mean; null where there is none."""
    is_usable: pl.Boolean
    """Whether it is in range and nothing was said against it: what a plan may average."""
    why: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What was chosen and why."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "result_id"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT
        number_within = {  # noqa: RUF012 - pandera reads it from the class
            "column": "result_id",
            "bits": ORDINAL_BITS,
            "of": "run_id",
            "error": "The result id does not carry the number of its run.",
        }


class StoredControlResults(Table):
    """Table ``control_results``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment that gave it."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    position: pl.Int64 = pa.Field(ge=1)
    """Order of measurement within the run."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte id."""
    matrix: pl.String
    """Matrix id."""
    material: pl.String
    """Control material."""
    level: pl.String
    """Control level."""
    lot: pl.String
    """Lot."""
    value: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Reading in ``unit``; null if not measured."""
    unit: pl.String
    """UCUM code."""
    target: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Fixed mean of the lot in ``unit``; null if there is none."""
    sd: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Fixed SD of the lot in ``unit``; null if there is none."""
    z: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Distance from the target in SD; null if there is none."""
    target_kind: pl.String = pa.Field(isin=list(TARGET_KINDS))
    """What target and SD rest on; empty where there is none."""
    basis: pl.String
    """The same in words."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "position"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT
