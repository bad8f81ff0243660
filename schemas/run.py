"""A run: one plate or batch, measured together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemas.toml_table import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is known of a run apart from its wells and results.

    Missing text is an empty string; a missing time is None. A time without a zone is local time of the laboratory.
    """

    run: Label
    """Name of the run, unique in a lab; a corrected run keeps its name and gets a new version."""
    study: Label = ""
    """Study of the run; empty means the default of qc.toml."""
    matrix: Label = ""
    """``serum`` or ``csf`` or another matrix of the catalogue; empty if each sample says its own."""
    analyte: Label = ""
    """Analyte id of a single-analyte plate; empty if each row says its own."""
    unit: Label = ""
    """Unit of calibrators and of results, as written."""
    method: Label = ""
    """Method id of the catalogue: ``elisa``, ``colorimetric``, ``calculated``."""
    platform: Label = ""
    """Instrument family or kit platform."""
    instrument: Label = ""
    """Serial number or name of the instrument."""
    operator: Label = ""
    """Who ran it."""
    reagent_lot: Label = ""
    """Lot of the kit or reagent."""
    reagent_expires_on: datetime | None = None
    """Last day on which kit and reagents may be used; None if nobody says."""
    calibrator_lot: Label = ""
    """Lot of the calibrators."""
    started_at: datetime | None = None
    """When the run began; None makes every order-dependent rule not evaluable."""
    model: str = ""
    """Curve: ``4pl``, ``5pl``, ``linear``, ``log-log``, ``quadratic`` or ``point-to-point``; chosen per assay. Empty if
    the method file of the analyte says it; ``4pl`` where that is silent too."""
    weight: str = ""
    """Weight of the squared residual: ``none``, ``1/y`` or ``1/y2``. Empty as above; then ``1/y2``."""
    profile: Label = ""
    """Acceptance profile; empty means the default of qc.toml."""
    reference_signal: Label = ""
    """Name of the block to subtract well by well (reference wavelength), empty for none."""
