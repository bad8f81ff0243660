"""Keep the page of a night under ``reports/nights``, with JSON and JUnit XML beside it, and the index over nights."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.archive import write_whole
from qc.nights.page.earlier_nights import earlier_nights
from qc.nights.page.html import index_html, page_html
from qc.nights.page.junit import junit_xml
from qc.nights.page.nights_kept import nights_kept
from qc.nights.page.page_of_night import page_of

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.nights.night import Night

FOLDER = "nights"
"""Folder under ``reports`` that holds the pages."""


def write_page(lab: LabFolder, night: Night, since: datetime | None = None) -> Path:
    """Write the page of a night and the index; each file is there whole or not at all.

    Parameters
    ----------
    since : datetime, optional
        What nights from then on brought is told too; None means this night alone.

    Returns
    -------
    Path
        The page.
    """
    folder = lab.paths.reports / FOLDER
    page = page_of(lab, night, earlier_nights(folder, since))
    text = json.dumps(page.as_json(), ensure_ascii=False, separators=(",", ":"))
    write_whole(folder / f"{page.night}.json", text.encode())
    write_whole(folder / f"{page.night}.xml", junit_xml(page))
    write_whole(folder / f"{page.night}.html", page_html(page).encode())
    write_whole(folder / "index.html", index_html(page.lab, page.label, nights_kept(folder)).encode())
    return folder / f"{page.night}.html"
