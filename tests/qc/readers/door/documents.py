"""One small synthetic export of each format, its numbers drawn from a seed: no measurement, no two alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from statistics import mean, stdev

LETTERS = "ABCDEFGH"
WELLS = [f"{letter}{column}" for column in range(1, 13) for letter in LETTERS]


def numbers(seed: int, *, low: int = 1_000, high: int = 999_999, digits: int = 1) -> Iterator[str]:
    """Numbers as text with so many decimals, each once."""
    drawn = Random(seed).sample(range(low, high), 2_000)
    return (f"{number / 10**digits:.{digits}f}" for number in drawn)


def summary(texts: Sequence[str], digits: int, of: Callable[[list[float]], float]) -> str:
    return f"{of([float(text) for text in texts]):.{digits}f}"


def cv(values: list[float]) -> float:
    return 100 * stdev(values) / mean(values)


def tidy(seed: int, mark: str = ",") -> str:
    value = numbers(seed)
    head = mark.join(["sample", "analyte", "matrix", "value", "unit", "measured_at"])
    rows = [
        mark.join([f"S{sample:02d}", analyte, "serum", next(value), unit, f"2025-03-{sample + 1:02d} 08:{minute:02d}"])
        for sample in range(12)
        for minute, (analyte, unit) in enumerate([("ferritin", "ng/mL"), ("ck", "U/L"), ("iron", "ug/dL")])
    ]
    return "\n".join([head, *rows]) + "\n"


def semicolons(seed: int) -> str:
    return tidy(seed, ";").replace(".", ",").replace("2025,", "2025-")


def samples(_: int) -> str:
    rows = [f"S{n:02d},P{n // 2:02d},{n % 2},serum,2025-02-{n + 1:02d} 07:{n:02d}" for n in range(20)]
    return "\n".join(["sample,subject,visit,matrix,collected_at", *rows]) + "\n"


def subjects(_: int) -> str:
    rows = [f"P{n:02d},{1950 + n},{'fm'[n % 2]},{'AB'[n % 2]}" for n in range(14)]
    return "\n".join(["subject,birth_year,sex,arm", *rows]) + "\n"


def plate_map(_: int) -> str:
    rows = [f"{well},standard,STD{n},{2**n}," for n, well in enumerate(WELLS[:8])]
    rows += [f"{well},sample,S{n:02d},,{2 + n}" for n, well in enumerate(WELLS[8:32])]
    return "\n".join(["well,role,name,conc,dilution", *rows]) + "\n"


def grid_map(_: int) -> str:
    rows = [f"{letter}," + ",".join(f"S{12 * n + at:02d}" for at in range(12)) for n, letter in enumerate(LETTERS)]
    return "\n".join(["," + ",".join(map(str, range(1, 13))), *rows]) + "\n"


def controls(seed: int) -> str:
    value = numbers(seed)
    rows = [f"QC-{n},{1 + n % 2},L{n},ferritin,serum,{next(value)},{next(value)},ng/mL" for n in range(8)]
    return "\n".join(["material,level,lot,analyte,matrix,target,sd,unit", *rows]) + "\n"


def grid(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    rows = [f"{letter}," + ",".join(next(value) for _ in range(12)) for letter in LETTERS]
    return "\n".join(["Raw Data (450)", "", "," + ",".join(map(str, range(1, 13))), *rows]) + "\n"


def gen5(seed: int) -> str:
    value = numbers(seed, digits=3, low=100, high=39_999)
    columns = "\t" + "\t".join(map(str, range(1, 13)))
    layout = [f"{a}\t" + "\t".join(f"SPL{n + 12 * i}" for n in range(12)) + "\tWell ID" for i, a in enumerate(LETTERS)]
    rows = [
        line
        for letter in LETTERS
        for label, head in (("485,528", letter), ("610,650", ""))
        for line in [f"{head}\t" + "\t".join(next(value) for _ in range(12)) + f"\t{label}"]
    ]
    begin = ["Software Version\t3.1", "Plate Number\tPlate 1", "Reader Type:\tSYN", "", "Layout", columns, *layout, ""]
    return "\n".join([*begin, "Actual Temperature:\t25", "", "Results", columns, *rows]) + "\n"


def gen5_scan(seed: int) -> str:
    """A spectrum of three wavelengths, and the results that are calculated from it."""
    value = numbers(seed, digits=3, low=100, high=39_999)
    begin = ["Software Version\t3.1", "Plate Number\tPlate 1", "Reader Type:\tSYN", "", "Procedure Details", ""]
    begin += ["Plate Type\t96 WELL PLATE", "Read\tSYN", "\tStart: 450 nm,  Stop: 460 nm,  Step: 5 nm", ""]
    rows = [f"{nm}\t" + "\t".join(next(value) for _ in WELLS) for nm in (450, 455, 460)]
    return "\n".join([*begin, "SYN:Spectrum", "", "Wavelength\t" + "\t".join(WELLS), *rows]) + "\n"


def envision(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    rows = ["".join(f"{next(value)}," for _ in range(12)) for _ in LETTERS]
    begin = ["Plate information", "Plate,Repeat,Barcode,Group,Label,Measurement date,"]
    begin += ['1,1,"=""SYN""",1,Absorbance 450(1),4/2/2025 10:50:28 AM,', "", "Background information"]
    begin += ["Plate,Label,Result,Signal,MeasInfo,", "1,Absorbance 450,0,289468,De=1st,", ""]
    layout = ["," + "".join(f"{column:02}," for column in range(1, 13)), *(f"{a}," + "- ," * 12 for a in LETTERS)]
    end = ["", "Plate type:", "Number of rows,,,,8", "Number of columns,,,,12", "", *layout, "", "Normalization:", ""]
    return "\n".join([*begin, *rows, *end, "Exported with EnVision Workstation"]) + "\n"


def well_list(seed: int) -> str:
    value = numbers(seed, digits=3)
    return "\n".join(["Well,Content,Raw (450)", *(f"{well},X{n},{next(value)}" for n, well in enumerate(WELLS))]) + "\n"


SPOT_MEASURES = ("Mean spot sizes (1E-3 Sq.mm)", "Well areas covered by spots (% of counted area)")
SPOT_INTENSITIES = ("Total intensity of all foreground objects (%max)", "Total intensity of spots per well (%max)")


def immunospot(seed: int) -> str:
    """Two grids beside each other, a table of sizes with the totals of the wells, and three grids below it."""
    size, count = numbers(seed, digits=5), iter(Random(seed).sample(range(10, 400), 96))
    counts = [[str(next(count)) for _ in range(12)] for _ in LETTERS]
    sizes = [[next(size) for _ in range(12)] for _ in LETTERS]
    columns = "\t".join(map(str, range(1, 13)))
    rows = [f"{a}\t" + "\t".join(counts[n]) + f"\t\t\t{a}\t" + "\t".join(sizes[n]) for n, a in enumerate(LETTERS)]
    both = [f"\tSpot Counts{15 * chr(9)}{SPOT_MEASURES[0]}", "", f"\t{columns}\t\t\t\t{columns}", "", *rows, ""]
    totals = [f"{a}{c + 1}\t{counts[n][c]}\t0\t{c}\t{n}" for n, a in enumerate(LETTERS) for c in range(12)]
    spread = ["\tHistogram Distribution (Log Sq.mm.)", "\t\t-5\t-4.8\t-4.6", "", *totals, ""]
    alone = [
        line
        for title in (SPOT_MEASURES[1], *SPOT_INTENSITIES)
        for line in [f"\t{title}", "", f"\t{columns}", ""]
        + [f"{a}\t" + "\t".join(next(size) for _ in range(12)) for a in LETTERS]
        + ["\t-1 = Well is not counted", ""]
    ]
    begin = ["Software version: ImmunoSpot 7.0.38.8", "Counting window size: 600x600", "Assay: 1", ""]
    return "\n".join([*begin, *both, *spread, *alone]) + "\n"


def spaced_spots(seed: int) -> str:
    """Grids whose cells stand apart by spaces."""
    size, count = numbers(seed, digits=4), iter(Random(seed).sample(range(10, 400), 96))
    grids = [
        line
        for n, title in enumerate(("Unprocessed Data", *SPOT_MEASURES, *SPOT_INTENSITIES))
        for line in [f"\t\t\t{title}", "      1     2     3     4     5     6     7     8     9     10    11    12", ""]
        + [f"{a}   " + "  ".join(next(size) if n else str(next(count)) for _ in range(12)) for a in LETTERS]
        + ["TNTC: Too numerous to count", ""]
    ]
    return "\n".join(["Software version: ImmunoSpot 7.0.30.5", "Assay:\t1", "", *grids]) + "\n"


def softmax(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    head = "Plate:\tP1\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
    titles = "\tTemperature(\u00b0C)\t" + "\t".join(map(str, range(1, 13))) + "\n"
    rows = [("\t24.1\t" if n == 0 else "\t\t") + "\t".join(next(value) for _ in range(12)) + "\n" for n in range(8)]
    return (
        "##BLOCKS= 1\n" + head + titles + "".join(rows) + "\n~End\nOriginal Filename: P1; Date Last Saved: 1/2/2025\n"
    )


def softmax_group(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    head = "Plate:\tP1\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
    grid = [[next(value) for _ in range(12)] for _ in range(8)]
    titles = "\tTemperature(\u00b0C)\t" + "\t".join(map(str, range(1, 13))) + "\n"
    rows = [("\t24.1\t" if n == 0 else "\t\t") + "\t".join(row) + "\n" for n, row in enumerate(grid)]
    groups = "Group: Unknowns\nSample\tWells\tValue\tMeanValue\tSD\tCV\n" + "".join(
        f"U{n:02d}\t{a}1\t{one[0]}\t{summary(one, 3, mean)}\t{summary(one, 4, stdev)}\t{summary(one, 1, cv)}\n"
        f"\t{a}2\t{one[1]}\t\t\t\n"
        for n, a in enumerate(LETTERS)
        for one in [(grid[n][0], grid[n][1])]
    )
    end = "Original Filename: P1; Date Last Saved: 1/2/2025\n"
    return "##BLOCKS= 2\n" + head + titles + "".join(rows) + "\n~End\n" + groups + "\n~End\n" + end


def spectrum(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    head = "Plate:\tP1\t1.3\tPlateFormat\tSpectrum\tAbsorbance\tRaw\tFALSE\t2\t\t\t450\t455\t5\t\t\t1\t12\t96\t1\t8\n"
    titles = "\tTemperature(\u00b0C)\t" + "\t".join(map(str, range(1, 13))) + "\n"
    grids = [
        "".join(
            (f"{wavelength}\t24.1\t" if n == 0 else "\t\t") + "\t".join(next(value) for _ in range(12)) + "\n"
            for n in range(8)
        )
        for wavelength in (450, 455)
    ]
    groups = "Group: Unknowns\nSample\tWells\tValue\n" + "".join(
        f"U{n}\t{well}\t{next(value)}\n" for n, well in enumerate(WELLS[:8])
    )
    end = "Original Filename: P1; Date Last Saved: 1/2/2025\n"
    return "##BLOCKS= 2\n" + head + titles + "\n".join(grids) + "\n~End\n" + groups + "\n~End\n" + end


def quantstudio(seed: int) -> str:
    value = numbers(seed, digits=3, low=12_000, high=39_999)
    own = [
        (n, well, f"S{(n + 1) // 2:02d}", target) for n, well in enumerate(WELLS[:16], 1) for target in ("TNF", "18S")
    ]
    setup = [f"{n}\t{well}\t{sample}\t{target}\tUNKNOWN\tFAM" for n, well, sample, target in own]
    cqs = {(well, target): next(value) for _, well, _, target in own}
    by_sample = {
        (sample, target): [cqs[well, target] for _, well, name, other in own if (name, other) == (sample, target)]
        for _, _, sample, target in own
    }
    results = [
        f"{n}\t{well}\tfalse\t{sample}\t{target}\tUNKNOWN\tFAM\t{cqs[well, target]}"
        f"\t{summary(by_sample[sample, target], 3, mean)}\t{summary(by_sample[sample, target], 3, stdev)}\t1\tN"
        for n, well, sample, target in own
    ]
    head = ["* Block Type = 96-Well Block (0.2mL)", "* Instrument Type = SYN-7", "", "[Sample Setup]"]
    titles = "Well\tWell Position\tSample Name\tTarget Name\tTask\tReporter"
    cq = (
        "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tCT\tCt Mean\tCt SD\tBaseline Start\tNOISE"
    )
    return "\n".join([*head, titles, *setup, "", "[Results]", cq, *results, "", "Analysis Type = Singleplex"]) + "\n"


def cfx(seed: int) -> str:
    value = numbers(seed, digits=4, low=120_000, high=399_999)
    rows = [f",{well},FAM,TNF,Unkn,S{n},{next(value)},60" for n, well in enumerate(WELLS[:24])]
    return "\n".join([",Well,Fluor,Target,Content,Sample,Cq,Set Point", *rows]) + "\n"


def xponent(seed: int) -> str:
    value = numbers(seed, low=2_000)
    head = '"Program","xPONENT","","LX200"\r\n"Build","4.3.229.0"\r\n"Batch","B1"\r\n\r\n'
    head += '"Samples","24"\r\n\r\n"Results"\r\n'
    medians = [(next(value), next(value)) for _ in WELLS[:24]]
    nets = [(f"{float(a) - 110.5:.1f}", f"{float(b) - 73.5:.1f}") for a, b in medians]
    tables = [
        "\r\n".join(
            [f'"DataType:","{kind}"', '"Location","Sample","TNF","NfL","Total Events"']
            + [
                f'"{n}(1,{well})","U{n}","{rows[n - 1][0]}","{rows[n - 1][1]}","{300 + n}"'
                for n, well in enumerate(WELLS[:24], 1)
            ]
        )
        for kind, rows in (("Median", medians), ("Net MFI", nets))
    ]
    return head + "\r\n" + "\r\n\r\n".join(tables) + '\r\n\r\n"DataType:","Units"\r\n"Analyte:","TNF","NfL"\r\n'


def bioplex_xml(seed: int) -> str:
    """Samples with the readings of their wells and the means of them, and the beads of each well."""
    value = numbers(seed)
    kinds = [("Blank", ("B",)), ("Control", ("C1",)), ("Standard", ("S1", "S2")), ("Unknown", ("X1", "X2", "X3"))]
    places = iter([(row, column) for row in (1, 2) for column in range(1, 8)])
    parts, wells = [], []
    for kind, labels in kinds:
        samples = [_bioplex_sample(kind, label, [next(places), next(places)], value, wells) for label in labels]
        parts += [f"<{kind}s>", *samples, f"</{kind}s>"]
    begin = '<?xml version="1.0" encoding="UTF-8"?>\n<bpm:BioPlexManager xmlns:bpm="syn" BioPlexManagerVersion="6.2">'
    size = '<PlateDimensions Columns="12" Rows="8" TotalWells="96" />'
    return "\n".join([begin, size, "<Wells>", *wells, "</Wells>", "<Samples>", *parts, "</Samples>"]) + (
        "\n</bpm:BioPlexManager>\n"
    )


def _bioplex_sample(
    kind: str, label: str, places: list[tuple[int, int]], value: Iterator[str], wells: list[str]
) -> str:
    analytes = [("12", "TNF"), ("15", "NfL")]
    readings = {(place, name): next(value) for place in places for _, name in analytes}
    wells += [
        f'<Well RowNo="{row}" ColNo="{column}">\n'
        + "\n".join(
            f'<BeadRegion RegionNumber="{region}">\n<RegionCount>{50 + column}</RegionCount>\n'
            f"<Median>{readings[(row, column), name]}</Median>\n</BeadRegion>"
            for region, name in analytes
        )
        + "\n</Well>"
        for row, column in places
    ]
    stated = "\n".join(
        f'<Analyte RegionNumber="{region}">\n<AnalyteName>{name}</AnalyteName>\n<ReplicateCount>2</ReplicateCount>\n'
        f"<RawMean>{summary([readings[place, name] for place in places], 2, mean)}</RawMean>\n"
        f"<ExpectedConc>{4.0 if kind == 'Standard' else 0.0}</ExpectedConc>\n</Analyte>"
        for region, name in analytes
    )
    members = "\n".join(
        f'<MemberWell RowNo="{row}" ColNo="{column}" WellNumber="{12 * (row - 1) + column}">\n<MWAnalytes>\n'
        + "\n".join(
            f'<MWAnalyte RegionNumber="{region}">\n<AnalyteName>{name}</AnalyteName>\n'
            f'<Reading Valid="true" Code="0" OutlierType="None">{readings[(row, column), name]}</Reading>\n</MWAnalyte>'
            for region, name in analytes
        )
        + "\n</MWAnalytes>\n</MemberWell>"
        for row, column in places
    )
    head = f"<{kind}>\n<Label>{label}</Label>\n<Dilution>1.0</Dilution>\n<Analytes>\n{stated}\n</Analytes>"
    return f"{head}\n<MemberWells>\n{members}\n</MemberWells>\n</{kind}>"


def intelliflex(seed: int) -> str:
    value = numbers(seed)
    titles = ["INSTRUMENT TYPE", "PLATE NAME", "WELL LOCATION", "SAMPLE ID"]
    head = ",".join([*titles, *(f"R{region}: RP1 {kind}" for region in (25, 27) for kind in ("MEDIAN", "COUNT"))])
    rows = [
        f"INTELLIFLEX,P1,{well},U{n},{next(value)},{50 + n},{next(value)},{150 + n}"
        for n, well in enumerate(WELLS[:24])
    ]
    return "\n".join([head, *rows]) + "\n"


def mind(seed: int) -> str:
    value = numbers(seed, digits=0)
    head = "FileName :\tx.txt\nBarcode1 :\t<2CM0>\nType     :\t96 Multi-Spot 2\nVersion  :\tMMPR 1.0.38\n"
    lines = [
        f"{letter if spot == 0 else ''}\t" + "\t".join(next(value) for _ in range(12))
        for letter in LETTERS
        for spot in range(2)
    ]
    titles = "\t" + "\t".join(map(str, range(1, 13)))
    return (
        head
        + "\n".join(["=" * 10 + "Data" + "=" * 10, titles, *lines, "=" * 10 + "Processing==", "Radius :\t4"])
        + "\n"
    )


def msd(seed: int) -> str:
    value = numbers(seed)
    head = "Sample,Assay,Well,Spot,Detection Range,Dilution,Concentration,Signal,Mean,CV,% Recovery,Calc. Concentration"
    rows = []
    for n in range(12):
        conc = next(value) if n < 4 else ""
        for spot, assay in enumerate(("TNF-alpha", "NfL"), 1):
            signals = [next(value), next(value)]
            ends = f"{summary(signals, 1, mean)},{summary(signals, 4, cv)},100"
            rows += [
                f"{'S' if n < 4 else 'U'}{n:03d},{assay},{well},{spot},In Range,2,{conc},{signal},{ends},{next(value)}"
                for well, signal in zip(WELLS[2 * n :], signals, strict=False)
            ]
    return "\n".join(["Plate_SYN-1", head, *rows]) + "\n"


def astm(seed: int) -> str:
    value = numbers(seed)
    records = [r"H|\^&|||Maker^SYN-1^1.0^77|||||||P|1|20250102080000"]
    for n in range(1, 7):
        records += [f"P|{n}", f"O|1|S-{n:02d}||^^^FERR|R||||||N||||serum"]
        records += [f"R|1|^^^FERR|{next(value)}|ug/L||N||F||op||2025010208{n:02d}00"]
        records += [f"R|2|^^^CK|{next(value)}|U/L||N||F||op||2025010209{n:02d}00"]
    return "\r".join([*records, "L|1|N"]) + "\r"


def framed(seed: int) -> str:
    frames = []
    for number, record in enumerate(astm(seed).split("\r")[:-1], 1):
        body = f"{number % 8}{record}\r\x03"
        frames.append(f"\x02{body}{sum(body.encode()) % 256:02X}\r\n")
    return "".join(frames)


def hl7(seed: int) -> str:
    value = numbers(seed)
    lines = [r"MSH|^~\&|SYN-LIS|SYN|||20250102080000||ORU^R01|1|P|2.5.1"]
    for n in range(1, 7):
        lines += [f"OBR|{n}|P-{n}|F-{n}|2276-4^Ferritin^LN"]
        lines += [f"OBX|1|NM|2276-4^Ferritin^LN||{next(value)}|ug/L^^UCUM|15-150|N|||F|||||op||2025010209{n:02d}00"]
        lines += [f"OBX|2|NM|2157-6^Creatine kinase^LN||{next(value)}|U/L||N|||F|||||op||2025010209{n:02d}30"]
        lines += [f"SPM|{n}|^S-{n:02d}||SER|||||||P"]
    return "\r".join(lines) + "\r"


def nanodrop(seed: int) -> str:
    value = numbers(seed, digits=3)
    head = "Plate ID\tWell\tSample ID\tUser ID\tDate\tTime\tConc.\tUnits\tA260\tA280\t260/280\tCursor Pos.\tNA Type"
    rows = [
        f"P1\t{well}\tS{n:02d}\tDefault\t4/14/2022\t3:48 PM\t{next(value)}\tng/ul\t{a260}\t{a280}\t"
        f"{float(a260) / float(a280):.2f}\t260\tDNA-50"
        for n, well in enumerate(WELLS[:12])
        for a260, a280 in [(next(value), next(value))]
    ]
    return "\n".join([head, *rows]) + "\n"


def qubit(seed: int) -> str:
    value = numbers(seed, digits=2)
    head = "Run ID,Assay Name,Test Name,Test Date,Qubit\u00ae tube conc.,Units,Original sample conc.,Units,Green RFU"
    rows = [
        f"R1,dsDNA HS,S{n:02d},12/12/2023 6:4{n % 10}:54 AM,1,ng/mL,{next(value)},ng/uL,{next(value)}"
        for n in range(12)
    ]
    return "\n".join([head, *rows]) + "\n"


def flex2(seed: int) -> str:
    value = numbers(seed, digits=2)
    head = "Date & Time,Sample ID,Sample Type,Gln,Gluc,Na+,Operator"
    rows = [f"1/1/2020 16:{n:02d},S{n:02d},Default,{next(value)},{next(value)},{next(value)},op" for n in range(12)]
    return "\n".join([head, ",,,mmol / L,g / L,mmol / L,", *rows]) + "\n"


def adat(seed: int) -> str:
    value = numbers(seed)
    begin = "^HEADER\n!Version\t1.2\n^COL_DATA\n!Name\tSeqId\tUnits\n^ROW_DATA\n!Name\tSampleId\n^TABLE_BEGIN\n"
    ids = ["\t\t\tSeqId\t" + "\t".join(f"{n}00-{n}" for n in range(1, 7))]
    notes = ["\t\t\tUnits\t" + "\t".join(["RFU"] * 6), "\t\t\tColCheck\t" + "\t".join(["PASS"] * 6)]
    titles = "SampleId\tSampleType\tRowCheck\t" + "\t" * 6
    rows = [f"S{n:02d}\tSample\tPASS\t\t" + "\t".join(next(value) for _ in range(6)) for n in range(12)]
    return begin + "\n".join([*ids, *notes, titles, *rows]) + "\n"


def olink(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    head = "SampleID;Sample_Type;OlinkID;Assay;Panel;PlateID;QC_Warning;LOD;NPX"
    rows = [
        f"S{n:02d};SAMPLE;OID{a}00;{assay};Inflammation;P1;PASS;0.5;{next(value)}"
        for n in range(12)
        for a, assay in enumerate(("TNF", "IL6"), 1)
    ]
    return "\n".join([head, *rows]) + "\n"


def nulisa(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    rows = [
        f"RAMP-01,S{n:02d},Sample,{target},tgt{at},{next(value)}"
        for n in range(12)
        for at, target in enumerate(("GFAP", "NEFL", "MAPT"), 1)
    ]
    return "\n".join(["PlateID,SampleName,SampleType,Target,AlamarTargetID,NPQ", *rows]) + "\n"


def simoa(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    head = "Sample Barcode,Assay,Plex,Location,Sample Type,Dilution Factor,Replicate AEB,Replicate Conc.,Mean Conc.,"
    head += "SD Conc.,CV Conc.,Unit,Errors"
    rows = []
    for n in range(12):
        concs = [next(value), next(value)]
        ends = f"{summary(concs, 3, mean)},{summary(concs, 3, stdev)},{summary(concs, 1, cv)},pg/mL,"
        rows += [
            f"S{n:02d},N4PE,700 NfL,Plate 1 - A{n},Specimen,4,0.{next(value)[-4:]},{conc},{ends}" for conc in concs
        ]
    return "\n".join([head, *rows]) + "\n"


def ella(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    parts = ("Gnr1", "Gnr2", "Gnr3")
    head = "SampleName,AnalyteName,Gnr1RFU," + ",".join(f"{part}CalculatedConcentration" for part in parts)
    head += ",CalculatedConcentration,CalculatedConcentrationPercentCV,KitId"
    rows = [
        f"S{n:02d},{analyte},{next(value)},{','.join(concs)},{summary(concs, 3, mean)},{summary(concs, 2, cv)},K1"
        for n in range(12)
        for analyte in ("TNF-alpha", "IL-6")
        for concs in [[next(value) for _ in parts]]
    ]
    return "\n".join([head, *rows]) + "\n"


def cedex(seed: int) -> str:
    value = numbers(seed)
    head = "0\t2025-01-02 13:00:00\t#ARC-FILE#\t1.1a\t2025-01-02\t2025-01-02\tCEDEX BIO HT\tSYN-5\t6.0\tADMIN"
    rows = [
        f"40\t2025-01-02 08:{n:02d}:00\tS{n:02d}\t\tSAM\t    \t{test}\t  \t{unit}\t \t{next(value)}\t 0.1\tR"
        for n in range(10)
        for test, unit in (("FE2B", "umol/L"), ("CK2B", "U/L"))
    ]
    return "\n".join([head, *rows]) + "\n"


FORMATS: dict[str, Callable[[int], str]] = {
    "tidy": tidy, "semicolons": semicolons, "samples": samples, "subjects": subjects, "controls": controls,
    "plate_map": plate_map, "grid_map": grid_map, "grid": grid, "gen5": gen5, "gen5_scan": gen5_scan,
    "envision": envision,
    "well_list": well_list, "softmax": softmax, "softmax_group": softmax_group, "spectrum": spectrum,
    "xponent": xponent, "bioplex_xml": bioplex_xml, "intelliflex": intelliflex, "quantstudio": quantstudio,
    "cfx": cfx, "mind": mind,
    "msd": msd, "astm": astm, "framed": framed, "hl7": hl7, "cedex": cedex, "nanodrop": nanodrop, "qubit": qubit,
    "flex2": flex2, "immunospot": immunospot, "spaced_spots": spaced_spots,
    "adat": adat, "olink": olink, "nulisa": nulisa, "simoa": simoa, "ella": ella,
}  # fmt: skip
MAPS = ("plate_map", "grid_map")
"""Documents that are read as plate maps."""
