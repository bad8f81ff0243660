"""The page of a night and the index over nights as HTML that opens offline, with nothing to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qc.nights.page.drawn_chart import drawn_chart
from qc.nights.page.drawn_curve import drawn_curve
from qc.nights.page.drawn_plate import drawn_plate
from qc.nights.page.night_page import FileOfNight, NightPage

if TYPE_CHECKING:
    from jinja2 import Template

    from qc.nights.page.nights_kept import KeptNight

OUTCOME_WORDS = {
    "fault": "a fault of the program",
    "refused": "files refused",
    "waits": "something waits",
    "clean": "all clear",
}
"""How a night ended, in words."""


def page_html(page: NightPage) -> str:
    """Write the page of a night.

    Returns
    -------
    str
        One HTML document; every text in it is escaped.
    """
    refused = [one for one in page.files if one.outcome == "quarantined"]
    came = [one for one in page.files if one.outcome != "quarantined"]
    return _template("night.html.j2").render(
        style=_style(),
        page=page,
        outcome=OUTCOME_WORDS[page.outcome],
        age=age_words(page.oldest_waiting_h),
        fresh=[one for one in page.waiting if one.since != "old"],
        old=[one for one in page.waiting if one.since == "old"],
        refused=refused,
        came=came,
        kinds=", ".join(f"{n} × {kind}" for kind, n in Counter(one.kind for one in came).items()),
        accounts=_accounts(came),
        charts=[(chart, drawn_chart(chart)) for chart in page.charts],
        plates=[(plate, drawn_plate(plate.plate)) for plate in page.plates],
        curves=[(curve, drawn_curve(curve.curve)) for curve in page.curves],
    )


def index_html(lab: str, label: str, nights: Sequence[KeptNight]) -> str:
    """Write the index over nights, newest first."""
    most = max((night.n_waiting for night in nights), default=0) or 1
    return _template("index.html.j2").render(
        style=_style(), lab=lab, label=label, nights=nights, words=OUTCOME_WORDS, most=most
    )


def _accounts(came: Sequence[FileOfNight]) -> list[tuple[str, list[str]]]:
    """Return what is said of files, once, with the files of which it is said."""
    files_by_words: dict[str, list[str]] = {}
    for one in came:
        for words in one.account:
            files_by_words.setdefault(words, []).append(one.file)
    return list(files_by_words.items())


def age_words(hours: float | None) -> str:
    """Return an age in words; empty for None."""
    if hours is None:
        return ""
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 1 else "less than an hour"


def _style() -> str:
    shared = (files("qc.report") / "report.css").read_text(encoding="utf-8")
    return shared + (files("qc.nights.page") / "night.css").read_text(encoding="utf-8")


def _template(name: str) -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    home: Any = files("qc.nights.page")  # Any: what importlib hands out has no one type
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda file: (home / file).read_text(encoding="utf-8")),
    )
    return environment.get_template(name)
