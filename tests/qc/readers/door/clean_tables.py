"""Tables without a fault as laboratories have them: with noise, replicates left out, hidden digits and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2
from random import Random
from statistics import fmean, median, pstdev, stdev

from documents import WELLS

Mean = Callable[[Sequence[float]], float]


def replicates(random: Random, low: float, high: float) -> list[float]:
    center, spread = 10 ** random.uniform(low, high), random.choice([0.01, 0.05, 0.2])
    return [max(1e-6, random.gauss(center, center * spread)) for _ in range(random.choice([1, 2, 2, 3]))]


def kept(random: Random, values: Sequence[float], part_left_out: float) -> list[float]:
    """The replicates that count: an analyst may leave one out."""
    out = random.randrange(len(values)) if len(values) > 1 and random.random() < part_left_out else -1
    return [value for at, value in enumerate(values) if at != out]


def of_log(values: Sequence[float]) -> float:
    return float(2 ** fmean(log2(value) for value in values))


def spread_of(values: Sequence[float], spread: Mean, digits: int, *, relative: bool) -> str:
    if len(values) < 2:
        return ""
    return f"{100 * spread(values) / fmean(values) if relative else spread(values):.{digits}f}"


def msd(random: Random) -> str:
    digits, own, left_out = random.choice([0, 1, 2]), random.choice([0, 1, 2]), random.choice([0, 0.05, 0.2])
    mean, spread = random.choice([fmean, fmean, of_log]), random.choice([stdev, pstdev])
    lines = ["Plate_SYN-1", "Sample,Assay,Well,Spot,Dilution,Concentration,Signal,Mean,CV,Calc. Concentration"]
    at = 0
    for n in range(random.choice([3, 8, 24])):
        values = replicates(random, 2, 5)
        counted = kept(random, values, left_out)
        ends = f"{mean(counted):.{own}f},{spread_of(counted, spread, 1, relative=True)}"
        for value in values:
            signal = f"{value:.{digits}f}"
            lines.append(f"U{n:02d},NfL,{WELLS[at]},1,2,,{signal},{ends},{(value / 1000) ** 0.9:.4f}")
            at += 1
    return "\n".join(lines) + "\n"


def simoa(random: Random) -> str:
    digits, own, left_out = random.choice([2, 3, 6]), random.choice([2, 3]), random.choice([0, 0.1, 0.3])
    dilution = random.choice([1, 1, 4])
    titles = "Sample Barcode,Assay,Plex,Location,Sample Type,Dilution Factor,Replicate AEB,Replicate Conc.,Mean Conc.,"
    lines = [titles + "SD Conc.,CV Conc.,Unit,Errors"]
    for n in range(random.choice([3, 8, 24])):
        values = replicates(random, 0, 2.5)
        counted = kept(random, values, left_out)
        spread = spread_of([dilution * one for one in counted], stdev, own, relative=False)
        ends = f"{dilution * fmean(counted):.{own}f},{spread},{spread_of(counted, stdev, 1, relative=True)},pg/mL,"
        begin = f"{n:03d},N4PE,700 NfL,Plate 1 - {WELLS[n]},Specimen,{dilution}"
        lines += [f"{begin},{value / 100:.4f},{value:.{digits}f},{ends}" for value in values]
    return "\n".join(lines) + "\n"


def ella(random: Random) -> str:
    digits, own, left_out = random.choice([1, 2, 4]), random.choice([1, 3]), random.choice([0, 0.1, 0.3])
    mean, parts = random.choice([fmean, fmean, median]), ("Gnr1", "Gnr2", "Gnr3")
    titles = ",".join(f"{part}CalculatedConcentration" for part in parts)
    lines = [f"SampleName,AnalyteName,Gnr1RFU,{titles},CalculatedConcentration,KitId"]
    for n in range(random.choice([4, 16])):
        center = 10 ** random.uniform(0, 3)
        values = [random.gauss(center, center / 20) for _ in parts]
        shown = ",".join(f"{value:.{digits}f}" for value in values)
        lines.append(f"S{n},IL-6,{center * 37:.1f},{shown},{mean(kept(random, values, left_out)):.{own}f},K1")
    return "\n".join(lines) + "\n"


def nanodrop(random: Random) -> str:
    low, digits = random.choice([-3, -1]), random.choice([2, 3])
    lines = ["Plate ID\tWell\tSample ID\tUser ID\tDate\tTime\tConc.\tUnits\tA260\tA280\t260/280\tCursor Pos.\tNA Type"]
    for n in range(random.choice([4, 24])):
        a260 = 10 ** random.uniform(low, 1.5)
        a280 = a260 / random.uniform(1.6, 2.1) * random.choice([1, 1, 1, -1 if low < -1 else 1])
        numbers = f"{a260:.{digits}f}\t{a280:.{digits}f}\t{a260 / a280:.2f}"
        lines.append(
            f"P1\t{WELLS[n]}\tS{n}\tDefault\t4/14/2022\t3:48 PM\t{a260 * 50:.1f}\tng/ul\t{numbers}\t260\tDNA-50"
        )
    return "\n".join(lines) + "\n"


def words(random: Random) -> str:
    """Results beside columns of few words, two of which may share them, and notes."""
    own = random.choice([["low", "mid", "high"], ["anna", "ben"], ["L1", "L2", "L3"], ["kit A", "kit B"]])
    notes = ["", "", "", "", "", f"see {own[0]}", own[0], "S1", "12.5"]
    lines = ["sample,analyte,matrix,value,unit,kit_lot,reagent_lot,grade,comment"]
    for n in range(random.choice([4, 10, 40])):
        lots = [random.choice(own) if random.random() < 0.2 else usual for usual in (own[0], own[-1], own[0])]
        value = f"{10 ** random.uniform(1, 2):.1f}"
        lines.append(",".join([f"S{n}", "ferritin", "serum", value, "ng/mL", *lots, random.choice(notes)]))
    return "\n".join(lines) + "\n"


CLEAN = {"msd": msd, "simoa": simoa, "ella": ella, "nanodrop": nanodrop, "words": words}
