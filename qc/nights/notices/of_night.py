"""What a night has to tell: new rejects, refused files, faults of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.nights.notices.notice import Notice
from qc.nights.page.page_of_night import things_to_settle
from schemas.counted import first_of

if TYPE_CHECKING:
    from qc.nights.night import Night

_GRAVE = ("reject", "broken")
_MOST_NAMED = 12


def notices_of_night(night: Night) -> Iterator[Notice]:
    """Yield what a night has to tell; names that the laboratory gives to files, runs and samples stay at home."""
    where = f"The page of the night: {night.page}" if night.page else "'qc nightly' and 'qc queue' tell more."
    if night.faults:
        text = f"The night met {_some(len(night.faults), 'fault')} of the program; the rest of it went on. {where}"
        yield Notice(rule="night_failed", key="", title=f"{night.lab}: the night met a fault", text=text)
    if night.failed:
        n = _some(len(night.failed), "file")
        text = f"{n} went to quarantine; each lies there with a reason.txt that names every fault. {where}"
        yield Notice(rule="files_refused", key="", title=f"{night.lab}: {n} refused", text=text)
    grave = [one for one in things_to_settle(night) if one.since != "old" and one.verdict in _GRAVE]
    if grave:
        n_worse = sum(one.since == "worse" for one in grave)
        worse = f", {n_worse} of them in runs that were in order before" if n_worse else ""
        named = first_of([one.name for one in grave], _MOST_NAMED)
        n = _some(len(grave), "new reject")
        n_results = sum(one.n_results for one in grave)
        text = f"{n} over {n_results} results{worse}: {named}. 'qc show NAME' opens each. {where}"
        yield Notice(rule="new_rejects", key="", title=f"{night.lab}: {n}", text=text)


def notice_of_failure(lab: str, error: Exception) -> Notice:
    """Return what is told where a night could not be ended."""
    text = (
        f"The night was stopped by a fault ({type(error).__name__}). What came in before stays; the inbox is kept. "
        "Call 'qc nightly' to go on, and 'qc doctor' to see what is wrong."
    )
    return Notice(rule="night_failed", key="", title=f"{lab}: the night failed", text=text)


def _some(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
