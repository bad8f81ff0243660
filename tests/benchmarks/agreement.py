"""Our concentrations beside those of authors and instruments, on real plates.

    python tests/benchmarks/agreement.py [DATA]     # DATA: folder with elisa_cns_prp, luminex_drlumi, ...

Prints one table a family: how many concentrations both give, the median and the 95th percentile of the relative
difference, and how many differ by more than 5 %. Standards and signals are taken from the files as they stand.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from checks.arithmetic.curves.four_pl import CurveParams, external, log_dose
from checks.arithmetic.curves.four_pl_data import level_means
from checks.arithmetic.curves.four_pl_descent import Problem
from checks.arithmetic.curves.four_pl_drc import DrcParams, from_drc
from checks.arithmetic.curves.four_pl_fit import fit
from checks.arithmetic.curves.four_pl_inverse import inverse
from checks.arithmetic.curves.four_pl_solve import solve
from checks.trials.calibrate import calibrate
from schemas.errors import ReaderError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ANCHOR_NG_PER_ML = 0.02048
"""Highest standard that the authors of the prion plates keep out of their fit, as an anchor point."""
Row = tuple[str, str, float, float | None, float]
"""Role, name, nominal concentration (NaN for none), concentration that the others give, signal."""


@dataclass(frozen=True)
class Compared:
    """One curve, ours beside theirs."""

    name: str
    """Plate and analyte."""
    verdict: str
    """What the profile m10-lba says of our curve; empty where there is none."""
    relative: np.ndarray
    """Ours over theirs minus 1, in range of our curve only."""
    note: str = ""
    """What is special."""
    controls: Mapping[str, float] = field(default_factory=dict)
    """Recovery of each control, in percent."""

    def line(self) -> str:
        """Return the row of the table."""
        if not self.relative.size:
            return f"| {self.name} | {self.verdict} | 0 | | | | {self.note} |"
        size = np.abs(self.relative)
        return (
            f"| {self.name} | {self.verdict} | {size.size} | {100 * np.median(size):.2f} | "
            f"{100 * np.quantile(size, 0.95):.2f} | {(size > 0.05).sum()} | {self.note} |"
        )


HEAD = "| curve | m10-lba | n | median % | 95th % | above 5 % | note |\n|---|---|---|---|---|---|---|"


def compare(name: str, rows: Sequence[Row], *, model: str = "4pl", weight: str = "none", note: str = "") -> Compared:
    """Fit the calibrators of one curve and compare what the others read from theirs."""
    lines = ["role,name,conc,signal"]
    lines += [f"{role},{who},{'' if np.isnan(conc) else repr(conc)},{y!r}" for role, who, conc, _, y in rows]
    try:
        found = calibrate("\n".join(lines), model=model, weight=weight)
    except ReaderError as error:
        return Compared(name, "no curve", np.array([]), str(error)[:90])
    given = {role: iter([row for row in rows if row[0] == role]) for role in ("calibrator", "sample", "control")}
    pairs = []
    for key, role in (("calibrators", "calibrator"), ("samples", "sample"), ("controls", "control")):
        for ours in found[key]:
            theirs = next(given[role])[3]
            number = ours.get("conc") if role != "calibrator" else ours["back_calculated"]
            is_in_range = number is not None and not ours.get("censor")
            if role == "calibrator" and found["lloq"] is not None:
                is_in_range = number is not None and found["lloq"] <= number <= found["uloq"]
            if is_in_range and theirs is not None and theirs > 0:
                pairs.append(number / theirs - 1)
    controls = {row["name"]: row["recovery_percent"] for row in found["controls"] if row.get("recovery_percent")}
    reasons = sorted({finding["rule"] for finding in found["findings"] if finding["verdict"] == found["verdict"]})
    note = "; ".join([note] * bool(note) + [", ".join(reasons)] * bool(reasons))
    return Compared(name, found["verdict"], np.array(pairs), note, controls)


def prion(data: Path) -> Iterator[Compared]:
    """Twenty-five prion ELISA plates: the authors' ng/mL, by an unweighted 4PL without anchor points."""
    for path in sorted((data / "elisa_cns_prp" / "processed").glob("0??.tsv")):
        with path.open(encoding="utf-8") as file:
            wells = [well for well in csv.DictReader(file, delimiter="\t") if well["a450_bck"] not in ("", "NA")]
        for curve in sorted({well["standard_curve"] for well in wells}):
            own = [well for well in wells if well["standard_curve"] == curve]
            rows: list[Row] = []
            for well in own:
                theirs = None if well["ngml"] in ("", "NA") else float(well["ngml"]) / float(well["dilution"])
                signal, is_standard = float(well["a450_bck"]), well["stype"] == "standard"
                if is_standard and well["nominal"] not in ("", "NA"):
                    rows.append(("calibrator", "S", float(well["nominal"]), theirs, signal))
                elif well["stype"] == "sample" and well["flag"] in ("", "NA"):
                    rows.append(("sample", "s", float("nan"), theirs, signal))
            if any(row[0] == "calibrator" for row in rows):
                name = f"prion {path.stem} {curve}"
                size = np.abs(compare(name, rows).relative)
                note = f"with its anchors kept: median {100 * np.median(size):.2f} %, {(size > 0.05).sum()} above 5 %"
                yield compare(name, [row for row in rows if not row[2] <= ANCHOR_NG_PER_ML], note=note)


def softmax(data: Path) -> Iterator[Compared]:
    """Five SoftMax Pro plates: the instrument's BackCalcConc of the standards, masked wells left out."""
    for export in ("Assay_2.txt", "Assay_3_and_4.txt", "Assay_11_and_12.txt"):
        text = (data / "elisa_softmax_batches" / export).read_bytes().decode("mac_roman")
        plates: list[list[Row]] = []
        nominal, group = float("nan"), ""
        for cells in (line.rstrip("\r").split("\t") for line in text.splitlines()):
            if cells[0].startswith("Group: "):
                group = cells[0].removeprefix("Group: ")
                plates += [[]] if group == "Standards" else []
            elif group == "Standards" and len(cells) > 4 and re.fullmatch(r"[A-H]\d+", cells[3]):
                nominal = float(cells[1]) if cells[1].strip() else nominal
                if re.fullmatch(r"-?[0-9.]+", cells[4]):
                    theirs = float(cells[2]) if re.fullmatch(r"[0-9.]+", cells[2]) else None
                    plates[-1].append(("calibrator", cells[0], nominal, theirs, float(cells[4])))
        for number, rows in enumerate(plates, 1):
            yield compare(f"softmax {export} plate {number}", rows, note=_by_level_means(rows))


def _by_level_means(rows: Sequence[Row]) -> str:
    """Return how far a curve through the means of the levels lies from the results of the instrument."""
    conc, signal = (np.array([row[place] for row in rows]) for place in (2, 4))
    curve = fit(*level_means(conc, signal), model="4pl", weight="none").params
    low, high = np.unique(conc)[1], conc.max()
    given = [(row[4], row[3]) for row in rows if row[3] is not None and low <= row[3] <= high]
    off = np.abs(inverse(curve, [signal for signal, _ in given]) / np.array([theirs for _, theirs in given]) - 1)
    return f"fitted to the means of the levels, as SoftMax does: median {100 * np.median(off):.2f} %"


def _blocks(path: Path) -> dict[str, list[list[str]]]:
    blocks: dict[str, list[list[str]]] = {}
    with path.open(encoding="latin-1") as file:
        for row in csv.reader(file):
            if row and row[0] == "DataType:":
                name = row[1]
                blocks[name] = []
            elif blocks and any(row):
                blocks[name].append(row)
    return blocks


def _by_analyte(block: Sequence[Sequence[str]], *, first: int) -> dict[str, list[str]]:
    return {
        title: [row[place] for row in block[1:]] for place, title in enumerate(block[0]) if place >= first and title
    }


def luminex_instrument(data: Path) -> Iterator[Compared]:
    """One drLumi plate of 30 analytes: xPONENT's own results, by its 5PL of the background-corrected medians."""
    blocks = _blocks(data / "luminex_drlumi" / "plate1.csv")
    net, result = (_by_analyte(blocks[name], first=2) for name in ("Net MFI", "Result"))
    written = _by_analyte(blocks["Standard Expected Concentration"], first=1)
    coefficients = _by_analyte(blocks["Analysis Coefficients"], first=1)
    samples = [row[1] for row in blocks["Net MFI"][1:]]
    dilutions = [float(row[2] or 1) for row in blocks["Dilution Factor"][1:]]
    nominal = _nominal(data)
    for analyte in coefficients:
        rows: list[Row] = []
        for name, mfi, told, dilution in zip(samples, net[analyte], result[analyte], dilutions, strict=True):
            factor = 1.0 if name.startswith("Standard") else dilution
            conc = nominal.get((name, analyte), float("nan")) / factor
            theirs = float(told) / factor if re.fullmatch(r"[0-9.eE+\-]+", told) else None
            if not name.startswith("Background") and float(mfi) > 0:
                rows.append((_luminex_role(name), name, conc, theirs, float(mfi)))
        own = _curve_of(coefficients[analyte])
        standards = [
            (nominal[name, analyte], float(mfi))
            for name, mfi in zip(samples, net[analyte], strict=True)
            if name.startswith("Standard")
        ]
        n_left_out, off = _by_its_rule(standards, rows)
        note = f"our inverse of xPONENT's own coefficients differs by {100 * _own_inverse(own, rows):.1g} %; "
        note += f"their weighted RSS is {_excess(own, rows):.2f} times ours; {n_left_out} standards of 0 MFI or below, "
        note += f"which we cannot weight by 1/y2 and xPONENT keeps: by its rule we differ by {off:.1g} %; "
        note += f"{_lost_points(written[analyte], analyte, nominal)} nominal value written without its decimal point"
        yield compare(f"luminex plate_1 {analyte}", rows, model="5pl", weight="1/y2", note=note)


def _luminex_role(name: str) -> str:
    roles = {"Standard": "calibrator", "Control": "control", "Background": "blank"}
    return next((role for word, role in roles.items() if name.startswith(word)), "sample")


def _curve_of(cells: Sequence[str]) -> CurveParams:
    a, b, c, d, f = (float(cell) for cell in cells)  # y = A + (B - A) / (1 + (x / C)^D)^F
    return from_drc(DrcParams(b=d, c=a, d=b, e=c, f=f))


def _own_inverse(own: CurveParams, rows: Sequence[Row]) -> float:
    """Return how far our inverse of the instrument's coefficients lies from its results, in the median."""
    told = [row for row in rows if row[3]]
    ours = inverse(own, [row[4] for row in told])
    return float(np.nanmedian(np.abs(ours / np.array([row[3] for row in told], dtype=float) - 1)))


def _excess(own: CurveParams, rows: Sequence[Row]) -> float:
    """Return the weighted RSS of the instrument's curve over that of ours, both with weights 1/y2."""
    standards = [row for row in rows if row[0] == "calibrator"]
    conc, signal = (np.array([row[place] for row in standards], dtype=float) for place in (2, 4))
    return float((((signal - own.response(conc)) / signal) ** 2).sum() / fit(conc, signal, model="5pl").wrss)


def _by_its_rule(standards: Sequence[tuple[float, float]], rows: Sequence[Row]) -> tuple[int, float]:
    """Return how many standards have no signal above 0, and how far our optimum by xPONENT's rule is from its results.

    Its rule, found from its coefficients: weights 1/y2 whatever the sign of y, and 1 where y is 0. The difference is
    the largest of all results, in percent.
    """
    conc, signal = (np.array(cells) for cells in zip(*standards, strict=True))
    root_weight = 1 / np.where(signal == 0, 1.0, np.abs(signal))
    problem = Problem(log_dose(conc)[None], signal[None], root_weight[None], np.array([-1.0]), 5, np.zeros(1))
    theta, _, _ = solve(problem)
    told = [row for row in rows if row[3]]
    ours = inverse(external(theta[0], -1.0), [row[4] for row in told])
    off = np.abs(ours / np.array([row[3] for row in told], dtype=float) - 1)
    return int((signal <= 0).sum()), float(100 * np.nanmax(off))


def _lost_points(cells: Sequence[str], analyte: str, nominal: Mapping[tuple[str, str], float]) -> int:
    truth = [nominal[f"Standard{number}", analyte] for number in range(1, len(cells) + 1)]
    return sum(abs(float(cell) / conc - 1) > 0.5 for cell, conc in zip(cells, truth, strict=True))


def _nominal(data: Path) -> dict[tuple[str, str], float]:
    with (data / "luminex_drlumi" / "ecdata.csv").open(encoding="utf-8") as file:
        return {(row["sample"], row["analyte"]): float(row["ec"]) for row in csv.DictReader(file)}


def luminex_plates(data: Path) -> Iterator[Compared]:
    """The drLumi sheet of 30 analytes: standards against their nominal values, controls against theirs."""
    nominal = _nominal(data)
    with (data / "luminex_drlumi" / "mfidata.csv").open(encoding="utf-8") as file:
        wells = list(csv.DictReader(file))
    for plate in sorted({well["plate"] for well in wells}):
        for analyte in sorted({analyte for _, analyte in nominal}):
            own = [well for well in wells if well["plate"] == plate and well["analyte"] == analyte]
            rows: list[Row] = []
            for well in own:
                name, mfi = well["sample"], float(well["mfi"] or 0)
                role = _luminex_role(name)
                factor = 2.0 if role == "control" else 1.0  # controls were diluted 1:2, as plate1.csv says
                conc = nominal.get((name, analyte), float("nan")) / factor
                if role != "sample" and mfi > 0:
                    conc = conc if role != "blank" else float("nan")
                    rows.append((role, name, conc, conc if role == "calibrator" else None, mfi))
            yield compare(f"luminex {plate} {analyte}", rows, model="4pl", weight="1/y2")


GEN5 = {
    "endpoint_stdcurve_singleplate": ("Results", 1, 2, "1/y2"),
    "Lowry_Protein_Assay_no_results_matrix": ("660", 0, 0, "none"),
}
"""Grid of readings, line of the reading and of the concentration within a plate row, and weight of our fit."""


def gen5(data: Path) -> Iterator[Compared]:
    """Two Gen5 plates with the instrument's concentrations, by its straight line."""
    for stem, (title, reading, conc_line, weight) in GEN5.items():
        text = (data / "gen5_a" / f"{stem}.txt").read_text(encoding="latin-1")
        layout, results = _gen5_grids(text, "Layout", title)
        (concs,) = _gen5_grids(text, "Conc") if title != "Results" else (results,)
        rows: list[Row] = []
        for letter, (names, nominal) in layout.items():
            wells = zip(names, nominal, results[letter][reading], concs[letter][conc_line], strict=True)
            rows += [row for well in wells if (row := _gen5_row(*well))]
        yield compare(f"gen5 {stem}", rows, weight=weight, note=_of_the_line(rows))


def _gen5_row(name: str, nominal: str, signal: str, conc: str) -> Row | None:
    """Return one well; nothing for blanks and for wells that the analyst masked (``*0.356*``, ``?????``)."""
    if not re.fullmatch(r"[0-9.]+", signal):
        return None
    theirs = float(conc) if re.fullmatch(r"[0-9.]+", conc) else None
    if name.startswith("STD"):
        return ("calibrator", name, float(nominal), theirs, float(signal))
    return ("sample", name, float("nan"), theirs, float(signal)) if name.startswith("SPL") else None


def _of_the_line(rows: Sequence[Row]) -> str:
    """Return what the least-squares line through the standards says of the instrument's numbers, in words."""
    standards = [row for row in rows if row[0] == "calibrator"]
    x, y = (np.array([row[place] for row in standards]) for place in (2, 4))
    slope, base = np.polyfit(x, y, 1)
    off = max(abs((row[4] - base) / slope - row[3]) for row in rows if row[3] is not None)
    recovery = 100 * ((y - base) / slope)[x > 0] / x[x > 0]
    return (
        f"instrument: straight line, refitted here Y = {slope:.5f} X {base:+.4f}, from which its numbers differ by "
        f"{off:.1g}; the line gives the standards back with {recovery.min():.0f} to {recovery.max():.0f} %"
    )


def _gen5_grids(text: str, *titles: str) -> list[dict[str, list[list[str]]]]:
    grids = []
    for title in titles:
        lines = text.split(f"\n{title}\n", 1)[1].splitlines()[1:]
        grid: dict[str, list[list[str]]] = {}
        for cells in (line.split("\t") for line in lines):
            if len(cells) < 13:
                break
            letter = cells[0] or max(grid)
            grid.setdefault(letter, []).append(cells[1:13])
        grids.append(grid)
    return grids


FAMILIES = {
    "prion": prion,
    "softmax": softmax,
    "luminex_instrument": luminex_instrument,
    "luminex_plates": luminex_plates,
    "gen5": gen5,
}


def main() -> None:
    """Print every table."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    total = ["| family | curves | concentrations | median % | 95th % | above 5 % |", "|---|---|---|---|---|---|"]
    for name, family in FAMILIES.items():
        compared = list(family(data))
        everything = np.abs(np.concatenate([one.relative for one in compared]))
        print(f"\n## {name}: {(family.__doc__ or '').splitlines()[0]}\n\n{HEAD}")
        for one in compared:
            print(one.line())
        total.append(
            f"| {name} | {len(compared)} | {everything.size} | {100 * np.median(everything):.2f} | "
            f"{100 * np.quantile(everything, 0.95):.2f} | {(everything > 0.05).sum()} |"
        )
    print("\n## All families\n", *total, sep="\n")


if __name__ == "__main__":
    main()
