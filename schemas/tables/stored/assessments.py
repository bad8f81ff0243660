"""Stored assessments: who judged what by which rules, and what was found."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.stored.results import OF_AN_ASSESSMENT, STATES, VERDICTS
from schemas.tables.stored.runs import OF_A_RUN, SHA256
from schemas.tables.table import CENSORS, LARGEST, NOT_BLANK, Table

CAUSE = "^(K[0-9A-Z]{6})?$"
"""Form of the name of a cause."""
_SCOPES = ("file", "run", "analyte", "control", "sample", "result", "well")


class StoredAssessments(Table):
    """Table ``assessments``."""

    assessment_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Number of the assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run that was judged."""
    assessed_at: pl.Datetime
    """When, UTC."""
    software: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Program and version."""
    rule_set_sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of rules, profiles, suites and catalogue."""
    inputs_sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of the run and its sheets."""
    sheets_source_id: pl.Int64 = pa.Field(ge=0)
    """Newest sheet that was there; 0 for none."""
    profile: pl.String
    """Profile that it was judged by."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS))
    """Gravest verdict."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Sample results."""
    n_auto_approved: pl.Int64 = pa.Field(ge=0)
    """Those that passed everything."""
    n_waiting: pl.Int64 = pa.Field(ge=0)
    """Those that wait for a person."""

    class Config(Table.Config):
        """Parent of the table."""

        stands_in = OF_A_RUN


class StoredRuleRuns(Table):
    """Table ``rule_runs``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    rule: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Rule that was asked."""
    version: pl.Int64 = pa.Field(ge=0)
    """Version of the rule; 0 if it is not known."""
    n_findings: pl.Int64 = pa.Field(ge=0)
    """Findings."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "rule"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT


class StoredFindings(Table):
    """Table ``findings``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    ordinal: pl.Int64 = pa.Field(ge=1)
    """Number of the finding within the assessment."""
    rule: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Rule that spoke."""
    version: pl.Int64 = pa.Field(ge=0)
    """Version of the rule."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS[1:]))
    """Never ``pass``."""
    scope: pl.String = pa.Field(isin=list(_SCOPES))
    """What it speaks about."""
    item: pl.String = pa.Field(str_matches="^R[0-9]")
    """What it holds: R12, R12/ferritin or R12.5."""
    key: pl.String = pa.Field(str_startswith="{")
    """Key of the row, canonical JSON."""
    analyte: pl.String
    """Analyte; empty if it is about none."""
    result_id: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Result; null if it is about none."""
    observed: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Number that was judged; null if there is none."""
    unit: pl.String
    """Unit of ``observed``."""
    limits: pl.String = pa.Field(str_startswith="[")
    """Limits with their sources, canonical JSON."""
    sentence: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What a person reads."""
    suggestion: pl.String
    """What a person may do; empty if nothing is known."""
    holds: pl.Boolean
    """Whether it holds the item back."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "ordinal"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT


class StoredCurves(Table):
    """Table ``curves``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    plate: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Plate."""
    analyte: pl.String
    """Analyte."""
    curve: pl.String
    """Wells that were fitted together; empty by default."""
    body: pl.String = pa.Field(str_startswith="{")
    """The curve, canonical JSON."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "plate", "analyte", "curve"]  # noqa: RUF012 - pandera reads the list
        stands_in = OF_AN_ASSESSMENT


class StoredWellConcentrations(Table):
    """Table ``well_concentrations``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    plate: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Plate."""
    well: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Well."""
    analyte: pl.String
    """Analyte."""
    curve: pl.String
    """Wells that were fitted together; empty by default."""
    value: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Concentration before dilution, in the unit of the calibrators; null if there is none."""
    censor: pl.String = pa.Field(isin=list(CENSORS))
    """Side of a censored value."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "plate", "well", "analyte", "curve"]  # noqa: RUF012 - pandera reads the list
        stands_in = OF_AN_ASSESSMENT


class StoredRunSummaries(Table):
    """Table ``run_summaries``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte."""
    matrix: pl.String
    """Matrix."""
    n_samples: pl.Int64 = pa.Field(ge=0)
    """Samples of the run."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Results of the analyte."""
    n_with_number: pl.Int64 = pa.Field(ge=0)
    """Those with a number."""
    n_below_lloq: pl.Int64 = pa.Field(ge=0)
    """Those below the range."""
    n_above_uloq: pl.Int64 = pa.Field(ge=0)
    """Those above the range."""
    n_flagged: pl.Int64 = pa.Field(ge=0)
    """Those that wait."""
    n_control_levels: pl.Int64 = pa.Field(ge=0)
    """Levels of controls with a reading."""
    n_control_results: pl.Int64 = pa.Field(ge=0)
    """Readings of controls."""
    min_replicates: pl.Int64 = pa.Field(ge=0)
    """Fewest replicates of a result."""
    median_cv_percent: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Median CV of replicates in percent; null if there is none."""
    median_log10: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Median of log10 of the values; null if there is none."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "analyte", "matrix"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT


class StoredRunStates(Table):
    """Table ``run_states``."""

    run_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Run."""
    run: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Name of the run."""
    study: pl.String
    """Study."""
    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Newest assessment."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS))
    """Its verdict."""
    state: pl.String = pa.Field(isin=list(STATES))
    """Whether anything of the run waits."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Sample results."""
    n_waiting: pl.Int64 = pa.Field(ge=0)
    """Those that wait."""
    is_superseded: pl.Boolean
    """Whether a newer version of the run is there."""

    class Config(Table.Config):
        """Parent of the table."""

        stands_in = OF_AN_ASSESSMENT


class StoredHeldItems(Table):
    """Table ``held_items``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment that holds the item."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    item: pl.String = pa.Field(str_matches="^R[0-9]")
    """R12, R12/ferritin or R12.5."""
    scope: pl.String = pa.Field(isin=["run", "analyte", "result"])
    """What the item is."""
    analyte: pl.String
    """Analyte; empty for a run."""
    result_id: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Result; null for a run or an analyte."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS[1:]))
    """Gravest verdict that holds it."""
    rules: pl.String = pa.Field(str_startswith="[")
    """Rules that hold it, canonical JSON."""
    over_rules: pl.String = pa.Field(str_startswith="[")
    """Rules that an approval goes over, canonical JSON."""
    judged_sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of what a decision judges."""
    values_sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of the values."""
    cause: pl.String = pa.Field(str_matches=CAUSE)
    """Name of the cause that it shares with others; empty where it stands alone."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Results that it covers."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "item"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_AN_ASSESSMENT


class StoredHeldGroups(Table):
    """Table ``held_groups``."""

    assessment_id: pl.Int64 = pa.Field(ge=1)
    """Assessment that holds the items."""
    run_id: pl.Int64 = pa.Field(ge=1)
    """Run."""
    scope: pl.String = pa.Field(isin=["run", "analyte", "result"])
    """What the items are."""
    analyte: pl.String
    """Analyte; empty for a run."""
    verdict: pl.String = pa.Field(isin=list(VERDICTS[1:]))
    """Gravest verdict that holds them."""
    rules: pl.String = pa.Field(str_startswith="[")
    """Rules that hold them, canonical JSON."""
    n_items: pl.Int64 = pa.Field(ge=1)
    """How many."""
    cause: pl.String = pa.Field(str_matches=CAUSE)
    """Name of the cause that they share; empty where each stands alone."""
    n_results: pl.Int64 = pa.Field(ge=0)
    """Results that they cover."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["assessment_id", "scope", "analyte", "verdict", "rules", "cause"]  # noqa: RUF012 - as above
        stands_in = OF_AN_ASSESSMENT


class StoredFingerprints(Table):
    """Table ``fingerprints``."""

    run_id: pl.Int64 = pa.Field(ge=0)
    """Run; 0 for the lab as a whole."""
    kind: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Kind of what it gives to others, or looks at."""
    key: pl.String
    """Subject, analyte on an instrument, or item; empty where there is one of its kind."""
    said: pl.Int64 = pa.Field(ge=0)
    """What the run gives to others under the key, as a sum of hashes."""
    saw: pl.String = pa.Field(nullable=True)
    """What it looked at when it was judged; null where it did not look."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["run_id", "kind", "key"]  # noqa: RUF012 - pandera reads the list from the class
