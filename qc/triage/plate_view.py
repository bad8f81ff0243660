"""What a plate shows: its wells as a map, its curve with everything that was read from it, the wells of one result."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qc.lab.blinding import pseudonym, read_secret
from qc.store.frames import first_row

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_WELL = re.compile(r"([A-Z]{1,2})0*([0-9]{1,2})\Z")
_WELLS = """
    SELECT w.plate, w.well, w.role, w.name, w.level, w.conc, w.dilution, w.signal, w.flag, c.value, c.censor
    FROM wells w LEFT JOIN well_concentrations c
        ON c.run_id = w.run_id AND c.assessment_id = $2 AND c.plate = w.plate AND c.well = w.well
        AND c.analyte = w.analyte
    WHERE w.run_id = $1 AND ($3 = '' OR w.plate = $3) AND ($4 = '' OR w.analyte = $4)
"""
_FLAGGED = """
    SELECT v.wells FROM findings f JOIN results v USING (assessment_id, run_id, result_id)
    WHERE f.assessment_id = ? AND f.run_id = ? AND f.holds AND (? = '' OR v.plate = ?)
"""
_CURVE = """
    SELECT body FROM curves WHERE run_id = ? AND assessment_id = ? AND (? = '' OR plate = ?) AND (? = '' OR analyte = ?)
    ORDER BY plate, analyte, curve LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Well:
    """One well, without the code of its sample."""

    name: str
    """Such as ``B4``."""
    row: int
    """Row on the plate, from 0."""
    column: int
    """Column on the plate, from 0."""
    role: str
    """``calibrator``, ``control``, ``sample``, ``blank`` or ``empty``."""
    label: str
    """Name of a standard, level of a control or pseudonym of a sample."""
    signal: float | None
    """Signal; None if there is none."""
    conc: float | None
    """Concentration read from the curve, before dilution; None if there is none."""
    censor: str
    """``<`` or ``>`` where the signal lies outside of the curve."""
    nominal: float | None
    """Concentration that a standard has; None for others."""
    flag: str
    """What the instrument said of it."""
    is_flagged: bool
    """Whether its result is held."""
    is_own: bool
    """Whether it belongs to the result that is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The wells of one plate."""

    plate: str
    """Name."""
    n_rows: int
    """8 or 16."""
    n_columns: int
    """12 or 24."""
    unit: str
    """Unit of the concentrations."""
    wells: tuple[Well, ...]
    """Its wells."""

    @property
    def own(self) -> list[Well]:
        """Wells of the result that is looked at."""
        return [well for well in self.wells if well.is_own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A standard curve with what was read from it."""

    model: str
    """Model, such as ``4pl``."""
    weight: str
    """Weight, such as ``1/y2``."""
    params: tuple[float, float, float, float, float] | None
    """a, b, c, d, g of y = d + (a - d) / (1 + (x / c)^b)^g; None if no curve was fitted."""
    shape: str | None = None
    """Shape of a curve that is not logistic; a, b and c are its coefficients."""
    knots: tuple[tuple[float, float], ...] | None = None
    """Concentration and signal of the standards at its ends, or of all of them from point to point."""
    lloq: float | None
    """Lower end of the range, in the unit of the standards; None if there is none."""
    uloq: float | None
    """Upper end of the range, in the unit of the standards; None if there is none."""
    standards: tuple[tuple[float, float, float | None, bool], ...]
    """Concentration, signal, recovery in percent and whether it is accepted, of each standard."""
    wells: tuple[Well, ...]
    """Wells of controls and samples with a signal."""
    unit: str
    """Unit of the concentrations."""

    def signal_at(self, conc: float) -> float | None:
        """Return the signal of a concentration.

        Parameters
        ----------
        conc : float
            Concentration, above 0, in the unit of the standards.

        Returns
        -------
        float or None
            Signal; None if no curve was fitted, or the number is too large.
        """
        if self.params is None:
            return None
        if self.shape is not None:
            return self._plain_signal(conc)
        a, b, c, d, g = self.params
        try:
            return float(d + (a - d) / (1 + (conc / c) ** b) ** g)
        except (OverflowError, ZeroDivisionError):
            return None

    def _plain_signal(self, conc: float) -> float | None:
        import numpy as np

        from checks.arithmetic.curves.four_pl import CurveParams

        a, b, c, d, g = self.params or (0.0, 0.0, 0.0, 0.0, 1.0)
        plain = CurveParams(a, b, c, d, g, shape=self.shape, knots=self.knots)
        signal = float(plain.response(np.array([conc]))[0])
        return signal if np.isfinite(signal) else None


def plate(
    lab: LabFolder,
    con: Connection,
    *,
    run_id: int,
    assessment_id: int,
    name: str,
    analyte: str,
    own: tuple[str, ...],
) -> Plate | None:
    """Read a plate.

    Parameters
    ----------
    name : str
        Name of the plate; empty for the first one.
    analyte : str
        Analyte; empty for all.

    Returns
    -------
    Plate or None
        The plate; None if the run has none.
    """
    run_row = first_row(con, "SELECT study, unit FROM runs WHERE run_id = ?", [run_id])
    rows = con.execute(_WELLS, [run_id, assessment_id, name, analyte]).fetchall()
    if run_row is None or not rows:
        return None
    first = name or min(row[0] for row in rows)
    well_lists = con.execute(_FLAGGED, [assessment_id, run_id, first, first]).fetchall()
    flagged = {well for (wells,) in well_lists for well in wells.split(",")}
    secret = read_secret(lab.paths.blind_secret)
    wells = [_well(row, secret, run_row[0], flagged, own) for row in rows if row[0] == first]
    placed = sorted((well for well in wells if well is not None), key=lambda well: (well.row, well.column))
    if not placed:
        return None
    is_big = max(well.row for well in placed) > 7 or max(well.column for well in placed) > 11
    n_rows, n_columns = (16, 24) if is_big else (8, 12)
    return Plate(plate=first, n_rows=n_rows, n_columns=n_columns, unit=run_row[1], wells=tuple(placed))


def _well(row: tuple[Any, ...], secret: bytes, study: str, flagged: set[str], own: tuple[str, ...]) -> Well | None:
    _, name, role, about, level, nominal, _, signal, flag, conc, censor = row
    place = _WELL.match(name.upper())
    if place is None:
        return None
    letters = place[1]
    line = ord(letters[-1]) - ord("A") + (26 if len(letters) == 2 else 0)
    label = {"sample": pseudonym(secret, f"sample:{study}", about) if role == "sample" else "", "control": level}
    return Well(
        name=name,
        row=line,
        column=int(place[2]) - 1,
        role=role or "empty",
        label=label.get(role, about),
        signal=signal,
        conc=conc,
        censor=censor or "",
        nominal=nominal,
        flag=flag,
        is_flagged=name in flagged,
        is_own=name in own,
    )


def curve(con: Connection, measured: Plate, *, run_id: int, assessment_id: int, analyte: str) -> Curve | None:
    """Read the standard curve of a plate.

    Parameters
    ----------
    analyte : str
        Analyte; empty for the first one.

    Returns
    -------
    Curve or None
        The curve; None if there is none.
    """
    row = first_row(con, _CURVE, [run_id, assessment_id, measured.plate, measured.plate, analyte, analyte])
    if row is None:
        return None
    body = json.loads(row[0])
    fit = body.get("fit") or {}
    params = fit.get("params")
    standards = tuple(
        (one["conc"], one["signal"], one.get("recovery_percent"), bool(one.get("is_accepted", True)))
        for one in body.get("calibrators", ())
        if one.get("signal") is not None
    )
    return Curve(
        model=str(fit.get("model") or ""),
        weight=str(fit.get("weight") or ""),
        params=(params["a"], params["b"], params["c"], params["d"], params["g"]) if params else None,
        shape=params.get("shape") if params else None,
        knots=tuple((conc, signal) for conc, signal in params.get("knots") or ()) if params else None,
        lloq=body.get("lloq"),
        uloq=body.get("uloq"),
        standards=standards,
        wells=tuple(well for well in measured.wells if well.role in ("control", "sample") and well.signal is not None),
        unit=measured.unit,
    )
