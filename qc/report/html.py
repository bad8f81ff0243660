"""The report of the paired tests: one page that opens offline, with nothing to fetch."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.arithmetic.paired_t import PairedT
from qc.paired.contrast import Contrast
from qc.paired.contrasts import PairedReport
from qc.paired.plan import Plan
from qc.released import Release
from qc.report.methods import REFERENCES, honesty_sentences, losses_by_reason, methods_sentences, versions
from qc.report.trajectories import trajectory_svgs
from qc.report.words import analyte_names, contrast_words, matrix_text, number_text, p_text

if TYPE_CHECKING:
    from qc.planlock import PlanLock


def write_report(
    report: PairedReport,
    release: Release,
    plan: Plan,
    path: Path,
    *,
    lock: PlanLock | None = None,
    came_first: bool | None = None,
) -> None:
    """Write the report as one self-contained HTML page.

    Parameters
    ----------
    report : PairedReport
        Planned tests of the release.
    release : Release
        Release that was tested; its trajectories are drawn, subjects without their names.
    plan : Plan
        Plan that was followed.
    path : Path
        File to write; its folder must be there.
    lock : PlanLock, optional
        When and by whom the plan was locked.
    came_first : bool, optional
        Whether that was before the release was made.
    """
    from jinja2 import Environment, StrictUndefined

    home = files("qc.report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((home / "report.html.j2").read_text(encoding="utf-8"))
    style = (home / "report.css").read_text(encoding="utf-8")
    page = template.render(style=style, **_context(report, release, plan, _lock_words(lock, came_first)))
    path.write_text(page, encoding="utf-8")


def _context(report: PairedReport, release: Release, plan: Plan, lock_words: str) -> dict[str, Any]:
    # Any: texts, lists and mappings for the template
    names = analyte_names([contrast.analyte for contrast in report.contrasts])
    rows = [_row(contrast, names[contrast.analyte], report.alpha) for contrast in report.contrasts]
    for row, svg in zip(rows, trajectory_svgs(release, plan), strict=True):
        row["svg"] = svg
    return {
        "label": str(release.manifest.get("label") or ""),
        "study": release.study,
        "release": release,
        "plan": plan,
        "report": report,
        "rows": rows,
        "held": [row for row in rows if row["is_held"]],
        "n_nominal": sum(c.p_value is not None and c.p_value <= plan.alpha for c in report.contrasts),
        "level": f"{100 * plan.confidence:g} %",
        "losses": losses_by_reason(report),
        "honesty": honesty_sentences(report, release, lock_words),
        "methods": methods_sentences(report, plan),
        "references": REFERENCES,
        "provenance": _provenance(report, release),
        "versions": versions(release),
    }


def _row(contrast: Contrast, name: str, alpha: float) -> dict[str, Any]:
    words = contrast_words(contrast)
    decimals = None if contrast.values is None or contrast.values.decimals is None else contrast.values.decimals + 1
    effect = contrast.effect.rank_biserial if contrast.effect else None
    return {
        "name": name,
        "matrix": matrix_text(contrast.matrix),
        "unit": contrast.unit,
        "n": contrast.n_pairs,
        "words": words,
        "p": p_text(contrast.p_value),
        "holm": p_text(contrast.p_holm),
        "bh": p_text(contrast.p_bh),
        "t_p": p_text(contrast.t.p_two) if isinstance(contrast.t, PairedT) else "–",
        "effect": number_text(effect if isinstance(effect, float) else None, 2),
        "is_held": contrast.p_holm is not None and contrast.p_holm <= alpha,
        "is_fall": contrast.shift is not None and contrast.shift.estimate < 0,
        "size": number_text(abs(contrast.shift.estimate), decimals) if contrast.shift else "–",
        "level": f"{100 * contrast.shift.conf_achieved:.1f} %" if contrast.shift else "–",
        "n_censored": contrast.values.n_censored if contrast.values else 0,
        "n_zero": contrast.ranked.n_zero if contrast.ranked else 0,
        "overridden": contrast.overridden,
        "reason": contrast.reason,
        "notes": contrast.notes,
        "losses": contrast.losses,
    }


def _lock_words(lock: PlanLock | None, came_first: bool | None) -> str:
    if lock is None:
        return ""
    order = {True: "before the release was made", False: "after the release was made", None: ""}[came_first]
    return f"The plan (version {lock.version}) was locked on {lock.locked_at:%Y-%m-%d %H:%M} UTC {order}".strip() + "."


def _provenance(report: PairedReport, release: Release) -> list[tuple[str, str]]:
    manifest = release.manifest
    told = [
        ("Release", release.name),
        ("Release SHA-256", release.sha256),
        ("Plan SHA-256", report.plan_sha256),
    ]
    labels = {
        "released_at": "Released at",
        "released_by": "Released by",
        "n_approved": "Results in the release",
        "n_set_aside": "Results set aside",
        "n_decisions": "Decisions by a person",
    }
    told += [(label, str(manifest[key])) for key, label in labels.items() if key in manifest]
    states = manifest.get("n_by_state")
    if isinstance(states, dict):
        told.append(("Results by state", ", ".join(f"{state} {n}" for state, n in sorted(states.items()))))
    return told
