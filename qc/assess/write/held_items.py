"""Items of a run that wait for a person, with the hash of what each shows to whoever decides on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from checks.several_results import ASK
from checks.shared_cause import SHARES, FindingPlace, shared_cause
from qc.items.cause_names import cause_name
from qc.items.judged_content import judged_of_texts
from qc.items.masking import shown_rules
from qc.items.names import ORDINAL_BITS, Item, item_of_finding
from schemas.canonical import canonical_json
from schemas.finding import Scope, Verdict
from schemas.result_id import ordinal_of, run_id_of

if TYPE_CHECKING:
    from qc.assess.judge.judged_run import JudgedRun
    from schemas.finding import Finding


_NAMING = ("analyte", "matrix", "method", "unit_text", "sample", "subject", "visit")


class _Values:
    """Values of a run as canonical text; each is written once, however many held items cover it."""

    def __init__(self, judged: JudgedRun) -> None:
        import polars as pl

        base = judged.loaded.run_id << ORDINAL_BITS
        rows = judged.results.select("ordinal", "analyte", "value", "unit", "censor", "censor_limit").iter_rows()
        self._rows = {ordinal: (base + ordinal, *row) for ordinal, *row in rows}
        self._texts: dict[int, str] = {}
        run = judged.loaded.run
        self._place = FindingPlace(study=run.study, run_id=judged.loaded.run_id, instrument=run.instrument)
        held = sorted(item.ordinal for item in judged.held_items if item.ordinal)
        named = judged.results.select("ordinal", *_NAMING).filter(pl.col("ordinal").is_in(held))
        self._naming = {row.pop("ordinal"): row for row in named.iter_rows(named=True)}
        self._doubtful = self._doubtful_rules(judged)
        self._measured_again = self._runs_again(judged)

    def place_of(self, item: Item) -> FindingPlace:
        row = self._naming[item.ordinal] if item.ordinal else {}
        analyte = row.get("analyte", item.analyte)
        return replace(
            self._place,
            row=row,
            doubtful=self._doubtful.get(analyte, ""),
            measured_again=self._measured_again.get(analyte, ""),
        )

    def _runs_again(self, judged: JudgedRun) -> dict[str, str]:
        """Return the runs in which all results of an analyte were measured again, unplanned, by analyte."""
        runs: dict[str, list[str]] = {}
        for choice in judged.repeats.choices:
            if (
                choice.reported is not None
                and choice.policy == ASK
                and run_id_of(choice.reported) == self._place.run_id
            ):
                others = {run_id_of(one.result_id) for one in choice.members} - {self._place.run_id}
                analyte = str(self._rows[ordinal_of(choice.reported)][1])
                runs.setdefault(analyte, []).append(" ".join(map(str, sorted(others))))
        n_results = Counter(str(row[1]) for row in self._rows.values())
        return {name: told[0] for name, told in runs.items() if len(told) == n_results[name] and len(set(told)) == 1}

    def _doubtful_rules(self, judged: JudgedRun) -> dict[str, str]:
        """Return the rule that flags most results of each analyte that is doubtful for the share of those flagged."""
        doubtful = {str(one.key.get("analyte", "")) for one in judged.findings if one.rule.endswith(SHARES)}
        told = (one for one in judged.findings if doubtful and one.scope is Scope.RESULT and judged.holds(one))
        counts = Counter((str(self._rows[int(one.key["result"])][1]), one.rule) for one in told)
        most = {analyte: rule for (analyte, rule), _ in reversed(counts.most_common())}
        return {analyte: most[analyte] for analyte in doubtful if analyte in most}

    def analyte_of(self, item: Item) -> str:
        return str(self._rows[item.ordinal][1])

    def texts_of(self, item: Item) -> list[str]:
        if item.ordinal:
            return [self._text(item.ordinal)]
        return [self._text(number) for number, row in self._rows.items() if item.analyte in ("", row[1])]

    def _text(self, ordinal: int) -> str:
        if ordinal not in self._texts:
            self._texts[ordinal] = canonical_json(self._rows[ordinal])
        return self._texts[ordinal]


def held_rows(judged: JudgedRun, secret: bytes) -> list[dict[str, Any]]:
    """Return a row for each item of a judged run that waits for a person.

    Parameters
    ----------
    secret : bytes
        Secret of the lab, which the names of causes are made with.

    Returns
    -------
    list of dict
        Rows of the table ``held_items``, the run first, then analytes, then results, with the hashes of what a decision
        on the item is about.
    """
    values = _Values(judged)
    by_item: dict[Item, list[Finding]] = {}
    for finding in judged.findings:
        by_item.setdefault(item_of_finding(judged.loaded.run_id, finding), []).append(finding)
    rows = []
    for item in sorted(judged.held_items, key=lambda one: (one.scope != "run", one.analyte, one.ordinal)):
        said = [(f.rule, f.version, f.verdict.value, canonical_json(dict(f.key)), f.observed) for f in by_item[item]]
        texts = values.texts_of(item)
        judged_sha256, values_sha256 = judged_of_texts(item, said, texts)
        holding = sorted(filter(judged.holds, by_item[item]), key=lambda finding: -finding.verdict.severity)
        by = [(finding.rule, finding.verdict) for finding in holding]
        grave = [(rule, verdict) for rule, verdict in by if verdict is not Verdict.WARN]
        rows.append(
            {
                "item": str(item),
                "scope": item.scope,
                "analyte": values.analyte_of(item) if item.scope == "result" else item.analyte,
                "result_id": item.result_id,
                "verdict": holding[0].verdict.value,
                # What a reviewer may see, filter by and count by; the findings themselves keep their rules.
                "rules": canonical_json(list(shown_rules(by))),
                "over_rules": canonical_json(list(shown_rules(grave))),
                "judged_sha256": judged_sha256,
                "values_sha256": values_sha256,
                "cause": cause_name(secret, shared_cause((said, values.place_of(item)) for said in holding)),
                "n_results": len(texts),
            }
        )
    return rows
