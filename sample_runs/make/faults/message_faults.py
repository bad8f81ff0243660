"""Faults of messages: a frame that was damaged on the line, and results that are not final."""

from __future__ import annotations

from sample_runs.make.faults.bench import FAULT_STUDY, SERUM_IRON, STARTED, Bench, run_name
from sample_runs.make.files import write
from sample_runs.make.study import chemistry_sheet
from sample_runs.make.subjects import LABEL

_STAMP = "20251006091500"


def make_message_faults(bench: Bench) -> None:
    """Write the faults of this module.

    Parameters
    ----------
    bench : Bench
        Where they are made.
    """
    _astm(bench)
    _hl7(bench)


def _astm(bench: Bench) -> None:
    kind = "checksum_wrong"
    results = [record for n, value in enumerate(SERUM_IRON, start=1) for record in _order(bench, n, value)]
    records = [rf"H|\^&|||{LABEL}^SYN-ANALYSER-1|||||||P|1|{_STAMP}", "P|1", *results, "L|1|N"]
    frames = [_frame(number, record) for number, record in enumerate(records, start=1)]
    damaged = frames[3].replace(str(SERUM_IRON[0]), str(SERUM_IRON[0] + 1))
    name = _write(bench, kind, "".join([*frames[:3], damaged, *frames[4:]]), "astm")
    why = "One digit of frame 4 was changed on the line, so its checksum does not fit."
    bench.expect(kind, why, ingest=[name], quarantined=[name])


def _order(bench: Bench, number: int, value: int) -> list[str]:
    order = f"O|{number}|{bench.sample()}||^^^iron|R||||||N||||serum"
    return [order, f"R|1|^^^iron|{value}|ug/dL||N||F||SYN||{_STAMP}"]


def _frame(number: int, record: str) -> str:
    body = f"{number % 8}{record}\r\x03"
    return f"\x02{body}{sum(body.encode()) % 256:02X}\r\n"


def _hl7(bench: Bench) -> None:
    kind = "result_preliminary"
    lines = [rf"MSH|^~\&|SYN-LIS|{LABEL}|||{_STAMP}||ORU^R01|1|P|2.5.1"]
    for number, (value, status) in enumerate(zip(SERUM_IRON, "FFPI", strict=True), start=1):
        text = "" if status == "I" else str(value)
        lines += [
            f"OBR|{number}||F-{number}|2498-4^iron^LN",
            f"OBX|1|NM|2498-4^iron^LN||{text}|ug/dL|||||{status}|||||SYN|colorimetric||{_STAMP}",
            f"SPM|1|^{bench.sample()}||SER|||||||P",
        ]
    name = _write(bench, kind, "\r".join(lines) + "\r", "hl7")
    why = "One result is preliminary and one pending, without a value; the other two are final."
    findings = [("range.flag", "not_evaluable", "result"), ("range.value", "not_evaluable", "result")]
    bench.expect(kind, why, findings, ingest=[name])


def _write(bench: Bench, kind: str, text: str, suffix: str) -> str:
    path = bench.folder / kind / f"{run_name(kind)}.{suffix}"
    write(path, text)
    sheet = chemistry_sheet(run_name(kind), STARTED, matrix="serum", study=FAULT_STUDY)
    write(path.with_name(f"{run_name(kind)}.run.toml"), sheet)
    return path.name
