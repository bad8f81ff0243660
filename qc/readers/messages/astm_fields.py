"""Fields of ASTM records: which of them become part of a result, and how those are called that are left aside."""

from __future__ import annotations

from qc.readers.messages.field_account import Fields

ASTM = Fields(
    word="record",
    mark="-",
    used={
        "H": frozenset({1, 2, 5, 14}),
        "P": frozenset({1, 2}),
        "O": frozenset({1, 2, 3, 4, 5, 6, 12, 16, 26}),
        "R": frozenset({1, 2, 3, 4, 5, 7, 8, 9, 13}),
        "C": frozenset({1, 2, 4}),
        "L": frozenset({1, 2, 3}),
    },
    patient=frozenset({"P"}),
    persons=frozenset({("R", 11), ("O", 11), ("O", 17), ("O", 18)}),
    names={
        "H": {3: "control number", 4: "password", 6: "address", 10: "receiver", 12: "processing", 13: "version"},
        "P": {3: "patient number of the practice", 4: "patient number of the laboratory", 5: "third patient number",
              6: "patient name", 7: "mother's maiden name", 8: "date of birth", 9: "sex", 10: "race", 11: "address",
              13: "telephone", 14: "physician", 15: "special field", 17: "height", 18: "weight", 19: "diagnosis",
              20: "medication", 21: "diet", 26: "location"},
        "O": {7: "time of the order", 8: "time of collection", 9: "end of collection", 10: "volume",
              11: "collector", 13: "danger", 14: "clinical information", 15: "time received", 17: "physician",
              18: "telephone", 19: "user field", 23: "time of the report", 25: "section"},
        "R": {6: "reference range, which the catalogue judges", 10: "date of the reference range", 11: "operator",
              12: "begin of the test", 14: "instrument"},
        "C": {3: "source of the comment", 5: "type of the comment"},
        "M": {2: "sequence number"},
    },
)  # fmt: skip
"""Fields by their numbers in the standard, counted from 1 for the type of the record."""
