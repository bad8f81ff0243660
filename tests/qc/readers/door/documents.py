"""One small synthetic export of each format, its numbers drawn from a seed: no measurement, no two alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

LETTERS = "ABCDEFGH"
WELLS = [f"{letter}{column}" for column in range(1, 13) for letter in LETTERS]


def numbers(seed: int, *, low: int = 1_000, high: int = 999_999, digits: int = 1) -> Iterator[str]:
    """Numbers as text with so many decimals, each once."""
    drawn = Random(seed).sample(range(low, high), 2_000)
    return (f"{number / 10**digits:.{digits}f}" for number in drawn)


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


def well_list(seed: int) -> str:
    value = numbers(seed, digits=3)
    return "\n".join(["Well,Content,Raw (450)", *(f"{well},X{n},{next(value)}" for n, well in enumerate(WELLS))]) + "\n"


def softmax(seed: int) -> str:
    value = numbers(seed, digits=4, low=100, high=39_999)
    head = "Plate:\tP1\t1.3\tPlateFormat\tEndpoint\tAbsorbance\tRaw\tFALSE\t1" + "\t" * 6 + "1\t450 \t1\t12\t96\t1\t8\n"
    titles = "\tTemperature(\u00b0C)\t" + "\t".join(map(str, range(1, 13))) + "\n"
    rows = [("\t24.1\t" if n == 0 else "\t\t") + "\t".join(next(value) for _ in range(12)) + "\n" for n in range(8)]
    return (
        "##BLOCKS= 1\n" + head + titles + "".join(rows) + "\n~End\nOriginal Filename: P1; Date Last Saved: 1/2/2025\n"
    )


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
    own = [(n, well, target) for n, well in enumerate(WELLS[:16], 1) for target in ("TNF", "18S")]
    setup = [f"{n}\t{well}\tS{n}\t{target}\tUNKNOWN\tFAM" for n, well, target in own]
    results = [f"{n}\t{well}\tfalse\tS{n}\t{target}\tUNKNOWN\tFAM\t{next(value)}\t1\tN" for n, well, target in own]
    head = ["* Block Type = 96-Well Block (0.2mL)", "* Instrument Type = SYN-7", "", "[Sample Setup]"]
    titles = "Well\tWell Position\tSample Name\tTarget Name\tTask\tReporter"
    cq = "Well\tWell Position\tOmit\tSample Name\tTarget Name\tTask\tReporter\tCT\tBaseline Start\tNOISE"
    return "\n".join([*head, titles, *setup, "", "[Results]", cq, *results, "", "Analysis Type = Singleplex"]) + "\n"


def cfx(seed: int) -> str:
    value = numbers(seed, digits=4, low=120_000, high=399_999)
    rows = [f",{well},FAM,TNF,Unkn,S{n},{next(value)},60" for n, well in enumerate(WELLS[:24])]
    return "\n".join([",Well,Fluor,Target,Content,Sample,Cq,Set Point", *rows]) + "\n"


def xponent(seed: int) -> str:
    value = numbers(seed)
    head = '"Program","xPONENT","","LX200"\r\n"Build","4.3.229.0"\r\n"Batch","B1"\r\n\r\n'
    head += '"Samples","24"\r\n\r\n"Results"\r\n'
    tables = [
        "\r\n".join(
            [f'"DataType:","{kind}"', '"Location","Sample","TNF","NfL","Total Events"']
            + [
                f'"{n}(1,{well})","U{n}","{next(value)}","{next(value)}","{300 + n}"'
                for n, well in enumerate(WELLS[:24], 1)
            ]
        )
        for kind in ("Median", "Net MFI")
    ]
    return head + "\r\n" + "\r\n\r\n".join(tables) + '\r\n\r\n"DataType:","Units"\r\n"Analyte:","TNF","NfL"\r\n'


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
    head = "Sample,Assay,Well,Spot,Detection Range,Dilution,Concentration,Signal,Mean,% Recovery,Calc. Concentration"
    rows = [
        f"{'S' if n < 8 else 'U'}{n:03d},{assay},{well},{spot},In Range,2,{next(value) if n < 8 else ''},{next(value)},"
        f"{next(value)},100,{next(value)}"
        for n, well in enumerate(WELLS[:24])
        for spot, assay in enumerate(("TNF-alpha", "NfL"), 1)
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
        f"P1\t{well}\tS{n:02d}\tDefault\t4/14/2022\t3:48 PM\t{next(value)}\tng/ul\t{next(value)}\t{next(value)}\t"
        f"{next(value)}\t260\tDNA-50"
        for n, well in enumerate(WELLS[:12])
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


def simoa(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    head = "Sample Barcode,Assay,Plex,Location,Sample Type,Dilution Factor,Replicate AEB,Replicate Conc.,Unit,Errors"
    rows = [
        f"S{n:02d},N4PE,700 NfL,Plate 1 - A{n},Specimen,4,0.{next(value)[-4:]},{next(value)},pg/mL,"
        for n in range(12)
        for _ in range(2)
    ]
    return "\n".join([head, *rows]) + "\n"


def ella(seed: int) -> str:
    value = numbers(seed, digits=4, low=10_000, high=99_999)
    head = "SampleName,AnalyteName,Gnr1RFU,CalculatedConcentration,CalculatedConcentrationPercentCV,KitId"
    rows = [
        f"S{n:02d},{analyte},{next(value)},{next(value)},2.5,K1" for n in range(12) for analyte in ("TNF-alpha", "IL-6")
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
    "tidy": tidy, "semicolons": semicolons, "samples": samples, "controls": controls, "grid": grid, "gen5": gen5,
    "well_list": well_list, "softmax": softmax, "spectrum": spectrum, "xponent": xponent,
    "intelliflex": intelliflex, "quantstudio": quantstudio, "cfx": cfx, "mind": mind, "msd": msd, "astm": astm,
    "framed": framed, "hl7": hl7, "cedex": cedex, "nanodrop": nanodrop, "qubit": qubit, "flex2": flex2, "adat": adat,
    "olink": olink, "simoa": simoa, "ella": ella,
}  # fmt: skip
