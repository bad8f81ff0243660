"""Fields of HL7 segments: which of them become part of a result, and how those are called that are left aside."""

from __future__ import annotations

from qc.readers.messages.field_account import Fields

HL7 = Fields(
    word="segment",
    mark="-",
    used={
        "MSH": frozenset({1, 2, 3, 7, 9, 10}),
        "PID": frozenset({0}),
        "OBR": frozenset({0, 1, 2, 3, 4, 15, 25}),
        "SPM": frozenset({0, 1, 2, 4, 11, 20, 21, 24}),
        "OBX": frozenset({0, 1, 2, 3, 4, 5, 6, 8, 11, 17, 19}),
        "NTE": frozenset({0, 1, 3}),
        "TCD": frozenset({0, 2, 4}),
        "INV": frozenset({0, 12, 16}),
        "BHS": frozenset({1}),
        "FHS": frozenset({1}),
        "BTS": frozenset({0, 1}),
        "FTS": frozenset({0, 1}),
    },
    patient=frozenset({"PID", "PD1", "NK1", "GT1", "IN1", "IN2", "PV1", "PV2"}),
    persons=frozenset({("OBX", 16), ("OBR", 10), ("OBR", 16), ("OBR", 28), ("OBR", 32), ("OBR", 34), ("NTE", 5)}),
    names={
        "MSH": {4: "sending facility", 5: "receiver", 6: "receiving facility", 8: "security", 11: "processing",
                12: "version", 13: "sequence number"},
        "PID": {1: "set number", 2: "patient number", 3: "patient identifiers", 4: "alternate patient number",
                5: "patient name", 6: "mother's maiden name", 7: "date of birth", 8: "sex", 9: "alias", 10: "race",
                11: "address", 13: "telephone", 14: "telephone at work", 15: "language", 16: "marital status",
                18: "account number", 19: "social security number"},
        "OBR": {5: "priority", 6: "time of the request", 7: "time of the sample", 10: "collector", 11: "action",
                12: "danger", 13: "clinical information", 14: "time received", 16: "ordering provider",
                18: "field of the placer", 20: "field of the filler", 22: "time of the report", 24: "section",
                28: "copies to", 32: "principal interpreter", 34: "technician"},
        "SPM": {3: "parent samples", 5: "modifier", 6: "additives", 7: "collection", 8: "source site",
                12: "amount", 14: "description", 17: "time of collection", 18: "time received", 26: "containers",
                27: "container"},
        "OBX": {7: "reference range, which the catalogue judges", 9: "probability", 10: "nature of the reference range",
                12: "date of the reference range", 13: "access checks", 14: "time of the observation",
                15: "producer", 16: "observer", 18: "instrument", 23: "organisation", 24: "address", 25: "director"},
        "NTE": {2: "source of the comment", 4: "type of the comment"},
        "TCD": {1: "test", 3: "dilution of a rerun", 6: "automatic repeat", 7: "reflex tests", 8: "repeat status"},
    },
)  # fmt: skip
"""Fields by their numbers in the standard; 0 is the name of the segment."""
