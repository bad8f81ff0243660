"""The sixteen assays of the SYNTHETIC study: levels, spreads, methods, kits and controls.

Medians and between-subject spreads follow published ranges where there are any; the rest is assumed.
No patient value was used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assay:
    """One analyte in one matrix, as this study measures it."""

    matrix: str
    """``serum`` or ``csf``."""
    analyte: str
    """Analyte id."""
    unit: str
    """Unit as the instrument writes it."""
    median: float
    """Median of the subjects at month 0, in ``unit``."""
    sd_between_log: float
    """SD between subjects of the natural logarithm."""
    sd_within_log: float
    """SD within a subject of the natural logarithm."""
    month_3_ratio: float
    """Expected ratio of month 3 to month 0."""
    decimals: int
    """Decimals that the laboratory reports."""
    method: str
    """Method id."""
    platform: str
    """Instrument family or kit platform."""
    dilution: float = 1.0
    """Dilution of the samples on the plate."""
    lower_limit: float | None = None
    """Limit below which the analyser prints ``<limit``; None for plates, whose curve gives it."""
    control_targets: tuple[float, ...] = ()
    """Targets of the control levels, lowest first, in ``unit``."""

    @property
    def key(self) -> tuple[str, str]:
        """Return matrix and analyte.

        Returns
        -------
        tuple of str
            Matrix and analyte.
        """
        return self.matrix, self.analyte


@dataclass(frozen=True, slots=True)
class Kit:
    """One ELISA kit."""

    unit: str
    """Unit of the calibrators."""
    top: float
    """Highest calibrator, in ``unit``; the other seven halve it one after the other."""
    code: str
    """Three letters used in lots and run names."""
    export: str
    """Layout of its reader's export: ``softmax`` or ``matrix``."""


KITS = {
    "ferritin": Kit("ng/mL", 64.0, "FER", "softmax"),
    "tnf_alpha": Kit("pg/mL", 64.0, "TNF", "matrix"),
    "nfl": Kit("pg/mL", 1024.0, "NFL", "softmax"),
    "gdnf": Kit("pg/mL", 640.0, "GDN", "matrix"),
}
CONTROL_FRACTIONS = (0.02, 0.35, 0.75)
"""Control levels of a kit as fractions of its highest calibrator."""
ELISA_CONTROL_SD_FRACTION = 0.09
CHEMISTRY_CONTROL_SD_FRACTION = 0.03
N_SUBJECTS = 15
VISITS = ("0", "1", "2", "3")


def _elisa(
    matrix: str,
    analyte: str,
    level: tuple[float, float, float],
    decimals: int,
    *,
    ratio: float = 1.0,
    dilution: float = 1.0,
) -> Assay:
    kit = KITS[analyte]
    median, between, within = level
    return Assay(
        matrix=matrix,
        analyte=analyte,
        unit=kit.unit,
        median=median,
        sd_between_log=between,
        sd_within_log=within,
        month_3_ratio=ratio,
        decimals=decimals,
        method="elisa",
        platform="elisa",
        dilution=dilution,
        control_targets=tuple(round(kit.top * fraction, 4) for fraction in CONTROL_FRACTIONS),
    )


def _chemistry(
    matrix: str,
    analyte: str,
    unit: str,
    level: tuple[float, float, float],
    method: str,
    targets: tuple[float, ...],
    *,
    decimals: int = 0,
    lower_limit: float,
) -> Assay:
    median, between, within = level
    return Assay(
        matrix=matrix,
        analyte=analyte,
        unit=unit,
        median=median,
        sd_between_log=between,
        sd_within_log=within,
        month_3_ratio=1.0,
        decimals=decimals,
        method=method,
        platform="chemistry",
        lower_limit=lower_limit,
        control_targets=targets,
    )


ASSAYS: tuple[Assay, ...] = (
    _chemistry("serum", "iron", "ug/dL", (90, 0.28, 0.18), "colorimetric", (60, 180), lower_limit=5),
    _chemistry("serum", "tibc", "ug/dL", (318, 0.11, 0.05), "colorimetric", (220, 420), lower_limit=50),
    _chemistry("serum", "transferrin", "mg/dL", (240, 0.13, 0.05), "turbidimetric", (160, 320), lower_limit=30),
    _chemistry("serum", "ck", "U/L", (170, 0.50, 0.22), "enzymatic", (140, 520), lower_limit=7),
    _elisa("serum", "ferritin", (160, 0.55, 0.14), 1, dilution=20),
    _elisa("serum", "tnf_alpha", (7.0, 0.28, 0.18), 2, ratio=0.97),
    _elisa("serum", "nfl", (68, 0.45, 0.12), 1, ratio=1.03),
    _elisa("serum", "gdnf", (60, 0.50, 0.22), 1, ratio=1.04),
    _chemistry("csf", "iron", "ug/dL", (2.2, 0.25, 0.18), "aas", (2.0, 8.0), decimals=1, lower_limit=1.0),
    _chemistry(
        "csf", "transferrin", "mg/dL", (1.6, 0.20, 0.10), "nephelometric", (1.2, 4.0), decimals=2, lower_limit=0.3
    ),
    _chemistry("csf", "ck", "U/L", (3.0, 0.40, 0.30), "enzymatic", (4.0, 20.0), decimals=1, lower_limit=1.0),
    _chemistry("csf", "tibc", "ug/dL", (2.25, 0.20, 0.10), "calculated", (1.685, 5.616), decimals=1, lower_limit=1.0),
    _elisa("csf", "ferritin", (6.5, 0.32, 0.15), 2, ratio=0.98, dilution=2),
    _elisa("csf", "tnf_alpha", (6.0, 0.42, 0.24), 2, ratio=0.58),
    _elisa("csf", "nfl", (8000, 0.50, 0.12), 0, ratio=1.02, dilution=50),
    _elisa("csf", "gdnf", (8.0, 0.42, 0.26), 1),
)
"""Levels are (median, SD between subjects, SD within a subject), both SDs of the natural logarithm.

CSF TIBC is calculated from transferrin, and so are its controls: 1.404 times the targets of transferrin."""


def assay(matrix: str, analyte: str) -> Assay:
    """Return the assay of an analyte in a matrix.

    Parameters
    ----------
    matrix : str
        ``serum`` or ``csf``.
    analyte : str
        Analyte id.

    Returns
    -------
    Assay
        The assay.
    """
    return next(entry for entry in ASSAYS if entry.key == (matrix, analyte))


def control_sd(entry: Assay, target: float) -> float:
    """Return the SD of a control level, in the unit of the assay.

    Parameters
    ----------
    entry : Assay
        The assay.
    target : float
        Target of the level.

    Returns
    -------
    float
        SD, rounded to four digits after the point.
    """
    fraction = ELISA_CONTROL_SD_FRACTION if entry.method == "elisa" else CHEMISTRY_CONTROL_SD_FRACTION
    return round(target * fraction, 4)


def control_material(entry: Assay) -> tuple[str, str]:
    """Return the name and the lot of the control material of an assay.

    Parameters
    ----------
    entry : Assay
        The assay.

    Returns
    -------
    tuple of str
        Material and lot.
    """
    if entry.method == "elisa":
        return f"SYN-{KITS[entry.analyte].code}-CTRL", f"SYN-{KITS[entry.analyte].code}-2507"
    return ("SYN-CHEM-SERUM", "SYN-CS-2504") if entry.matrix == "serum" else ("SYN-CHEM-CSF", "SYN-CC-2505")
