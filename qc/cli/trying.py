"""``qc try``: one calculation on one or several files; stores nothing, opens no lab."""

from __future__ import annotations

from qc.cli.lazy_group import LazyGroup

TRIALS: dict[str, str] = {
    "westgard": "Judge control results by Westgard rules.",
    "chart": "Put a series on Levey-Jennings, EWMA and CUSUM charts.",
    "precision": "Split scatter into repeatability, runs, days and sites.",
    "reference": "Give reference limits with their intervals.",
    "detection": "Give limits of blank, detection and quantitation.",
    "lots": "Compare a new reagent lot with the old one.",
    "sigma": "Give the sigma metric of a method.",
    "calibrate": "Fit a standard curve and back-calculate samples.",
    "isr": "Compare samples that were measured again.",
    "paired": "Compare pairs.",
    "repeated": "Compare several visits.",
    "adjust": "Adjust p-values for their number, by every customary method.",
    "power": "Power, minimal detectable difference or pairs needed of a paired t test.",
    "units": "Convert one value to its canonical unit, and judge it.",
    "read": "Show what a reader makes of a file.",
}

command = LazyGroup(
    "try",
    {name: (f"qc.cli.trials.{name}", text) for name, text in TRIALS.items()},
    help="Calculate on files without a lab: nothing is stored, and nothing that comes out is gated.",
)
