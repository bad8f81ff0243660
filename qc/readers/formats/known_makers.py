"""Files whose maker is known and that hold nothing to take in: what to export instead, in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_SENTENCES = {
    r"^Reader Type:\t": ("is a Gen5 export that holds no grid of readings. Export the results as a matrix."),
    r"^\"?EventNo\"?,\"?RID\"?,": (
        "holds the single bead events of a Luminex well. Export the results of the batch: the medians of every well."
    ),
    r"^\"?Date & Time\"?,\"?Sample ID\"?,\"?Sample Type\"?,\"?Gln": (
        "is a BioProfile FLEX2 export, whose columns name no unit. Export it with the row of units, or say in "
        "[wide] of the run sheet what each column is and in which unit."
    ),
    r"\A\"?Plate information\"?\s*[,;\t]*\s*$": (
        "is an EnVision export without a whole grid. Export it with the headers of rows and columns."
    ),
    r"^Software version:\s+ImmunoSpot": (
        "is an ImmunoSpot report without a grid. Export the counts as a grid with letters of rows and "
        "numbers of columns."
    ),
    r"\bSimoa\b|\bHD-X\b": (
        "names a Simoa analyser. Export the run history of the batch as CSV: a row for each replicate with Sample "
        "Barcode, Assay, Location, Replicate AEB, Replicate Conc. and Unit."
    ),
    r"^\W*(Simple Plex|Ella)\b": (
        "names a Simple Plex instrument. Export its list of results as CSV with SampleName, AnalyteName, Gnr1RFU and "
        "CalculatedConcentration."
    ),
    r"^(<\?xml[^>]*>)?\s*<(\w+:)?(BioPlexManager|Samples|Wells?)\b": (
        "is XML of Bio-Plex Manager that holds no reading of a sample. Export the whole plate, with its samples."
    ),
}
"""Sentence by what only files of that kind hold."""


def maker_sentence(source: Source) -> str:
    """Say what a file is that no reader takes, where its maker is known.

    Returns
    -------
    str
        End of a sentence that begins with the name of the file; empty where nothing is known.
    """
    text = source.text[:20_000]
    found = (sentence for pattern, sentence in _SENTENCES.items() if re.search(pattern, text, re.MULTILINE))
    return next(found, "")
