"""A file that is in already, for the study that default_study named then: told where that setting is another now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.ingest.delivery import Delivery
    from qc.lab.folder import LabFolder

_STUDIES = """
    WITH own AS (SELECT source_id FROM sources WHERE delivery_sha256 = $delivery)
    SELECT study FROM runs SEMI JOIN own USING (source_id)
    UNION SELECT study FROM samples SEMI JOIN own USING (source_id)
    UNION SELECT study FROM subjects SEMI JOIN own USING (source_id)
"""


def study_of_known(lab: LabFolder, delivery: Delivery) -> str:
    """Say for which study a known delivery was taken in, where it names none and default_study has changed since.

    Returns
    -------
    str
        A sentence with what to do; empty where its study is that of the setting, or its own word.
    """
    study = lab.settings.lab.default_study
    with lab.facts.reading() as con:
        studies = [row[0] for row in con.execute(_STUDIES, {"delivery": delivery.sha256}).fetchall()]
    if len(studies) != 1 or studies[0] == study or _names(delivery, studies[0]):
        return ""
    text = f"It is in study '{studies[0]}', which default_study was when it came, and is '{study}' now."
    return f"{text} To take it in for that study too: 'qc ingest {delivery.main.name} --set study={study}'."


def _names(delivery: Delivery, study: str) -> bool:
    """Tell whether a part of a delivery holds the name of its study, in one of the ways to write a text."""
    written = [study.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return any(name in part.content for part in delivery.parts for name in written)
