"""The data dictionary of a release: every column with its type, its unit and what it means."""

from __future__ import annotations

import csv
import io

COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("result_id", "integer", "", "Key of the result: run_id * 2^20 + its ordinal in the run."),
    ("run_id", "integer", "", "Key of the run; a corrected run has a key of its own."),
    ("run", "text", "", "Name of the run."),
    ("assessment_id", "integer", "", "Assessment that gave the value and the verdict."),
    ("study", "text", "", "Study."),
    ("subject", "text", "", "Subject by the sample sheet; empty if it names none."),
    ("visit", "text", "", "Visit by the sample sheet; empty if it names none."),
    ("arm", "text", "", "Arm of the subject by the subject sheet; empty if it names none."),
    ("sample", "text", "", "Sample code."),
    ("analyte", "text", "", "Analyte id of the catalogue."),
    ("matrix", "text", "", "Matrix: serum or csf."),
    ("method", "text", "", "Method id."),
    ("platform", "text", "", "Platform of the run."),
    ("calibrator_lot", "text", "", "Lot of the calibrators."),
    ("plate", "text", "", "Plate; empty for a table of results."),
    ("wells", "text", "", "Wells that the result rests on, with commas; empty for a table of results."),
    ("text", "text", "", "Value as it was reported; empty for a calibrated result."),
    ("value", "number", "unit", "Value in the column 'unit'; empty where there is no number."),
    ("unit", "text", "", "UCUM code of value, censor_limit, lloq and uloq."),
    ("censor", "text", "", "'<' or '>' for a censored value, else empty."),
    ("censor_limit", "number", "unit", "Limit that a censored value lies below or above; empty otherwise."),
    ("lloq", "number", "unit", "Lower limit of quantification that held; empty if unknown."),
    ("uloq", "number", "unit", "Upper limit of quantification that held; empty if unknown."),
    ("lob", "number", "unit", "Limit of blank that held; empty if unknown."),
    (
        "detection",
        "text",
        "",
        "not_detected (at most the limit of blank), detected (below quantitation), quantified; empty without limits.",
    ),
    ("u_alone", "number", "unit", "Standard uncertainty by the precision within the laboratory; empty if unknown."),
    ("u", "number", "unit", "Standard uncertainty with bias, reference and calibrator; twice it covers about 95 %."),
    ("decimals", "integer", "", "Digits behind the point that the laboratory reports."),
    ("cv_percent", "number", "percent", "CV of the replicates; empty with fewer than two."),
    ("verdict", "text", "", "Gravest verdict of the result's own findings."),
    (
        "state",
        "text",
        "",
        "approved, rejected, repeat_requested, evidence (another of the sample counts) or averaged (in its mean).",
    ),
    ("approval", "text", "", "auto: nothing held it, see 'rules'; person: somebody decided."),
    ("overridden", "boolean", "", "Whether a person approved it over a warning or a failure, which stay in sight."),
    ("rules", "text", "", "Rules that speak against it, its analyte or its run, with commas; empty if none does."),
    (
        "role",
        "text",
        "",
        "reported, averaged, evidence or replaced among several results of the sample; empty for one.",
    ),
    ("n_results", "integer", "", "Results of the sample and analyte among which was chosen."),
    ("members", "text", "", "Results whose mean the value is; empty where it is its own."),
    ("chosen", "text", "", "What was chosen of several results of the sample, and why; empty for one."),
    ("reason", "text", "", "Coded reason of the decision that counts; empty if there is none."),
    ("note", "text", "", "What whoever decided wrote beside it, or in the newest comment; empty if nothing."),
    ("decided_by", "text", "", "Who made the decision that counts; empty if nobody decided."),
    ("decided_at", "text", "", "When, in UTC; empty if nobody decided."),
    ("decision", "integer", "", "Number of its ledger entry; empty if nobody decided."),
)
"""Name, type, unit ('unit' for the column of that name) and meaning, in the order of the tables."""


def dictionary_csv() -> str:
    """Return the data dictionary as CSV.

    Returns
    -------
    str
        Columns ``column``, ``type``, ``unit`` and ``meaning``.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("column", "type", "unit", "meaning"))
    writer.writerows(COLUMNS)
    return out.getvalue()
