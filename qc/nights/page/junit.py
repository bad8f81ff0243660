"""A night as JUnit XML, for whatever collects test reports: files, runs and suites as cases that passed or failed."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from qc.nights.page.night_page import NightPage

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(page: NightPage) -> bytes:
    """Write a night as JUnit XML.

    Returns
    -------
    bytes
        UTF-8; a refused file, a run that rejects and a suite that spoke is a failure, what could not be judged an
        error, a warning a case that passed with what it says.
    """
    root = Element("testsuites", name=_clean(f"{page.lab} {page.night}"))
    files = _suite(root, page, "files")
    for file in page.files:
        said = "\n".join(filter(None, (file.says, *file.faults)))
        _case(files, "files", file.file, "reject" if file.outcome == "quarantined" else "pass", said)
    runs = _suite(root, page, "runs")
    for run in page.runs:
        _case(runs, f"runs.{run.study}", f"{run.item} {run.run}", run.verdict, run.findings)
    suites = _suite(root, page, "suites")
    for one in page.suites:
        _case(suites, "suites", one.name, "reject" if one.n_failed else "pass", "\n".join(one.said))
    faults = _suite(root, page, "program")
    for number, fault in enumerate(page.faults, start=1):
        _case(faults, "program", f"fault {number}", "broken", fault)
    for suite in root:
        kinds = [part.tag for case in suite for part in case]
        suite.attrib |= {"tests": str(len(suite)), "failures": str(kinds.count("failure"))}
        suite.attrib |= {"errors": str(kinds.count("error"))}
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _suite(root: Element, page: NightPage, name: str) -> Element:
    return SubElement(root, "testsuite", name=name, timestamp=f"{page.began_at:%Y-%m-%dT%H:%M:%S}")


def _case(suite: Element, kind: str, name: str, verdict: str, said: str) -> None:
    case = SubElement(suite, "testcase", classname=_clean(kind), name=_clean(name))
    tag = {"reject": "failure", "broken": "error", "not_evaluable": "error"}.get(verdict, "")
    if tag:
        first = said.splitlines()[0] if said else verdict
        SubElement(case, tag, message=_clean(first), type=verdict).text = _clean(said)
    elif said:
        SubElement(case, "system-out").text = _clean(said)


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
