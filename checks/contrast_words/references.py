"""The sources that the methods of a report cite, numbered in the order in which they do."""

from __future__ import annotations

import re
from collections.abc import Sequence

SOURCES = {
    "wilcoxon": "Wilcoxon F. Individual comparisons by ranking methods. Biometrics Bull. 1945;1(6):80–83. Exact "
    "distribution: Streitberg B, Röhmel J. Stat Softw Newsl. 1986;12(1):10–17.",
    "pitman": "Pitman EJG. Significance tests which may be applied to samples from any populations. Suppl J R Stat "
    "Soc. 1937;4(1):119–130.",
    "student": "Student. The probable error of a mean. Biometrika. 1908;6(1):1–25.",
    "hodges": "Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat. 1963;34(2):598–611.",
    "holm": "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat. 1979;6(2):65–70.",
    "bh": "Benjamini Y, Hochberg Y. Controlling the false discovery rate. J R Stat Soc B. 1995;57(1):289–300.",
    "sequence": "Maurer W, Hothorn LA, Lehmacher W. Multiple comparisons in drug clinical trials and preclinical "
    "assays. Biometrie in der chemisch-pharmazeutischen Industrie. 1995;6:3–18.",
    "gates": "Westfall PH, Krishen A. Optimally weighted, fixed sequence and gatekeeper multiple testing procedures. "
    "J Stat Plan Inference. 2001;99(1):25–40.",
    "helsel": "Helsel DR. Statistics for Censored Environmental Data Using Minitab and R. 2nd ed. Wiley; 2012.",
    "prentice": "O'Brien PC, Fleming TR. A paired Prentice-Wilcoxon test for censored paired data. Biometrics. "
    "1987;43(1):169–180.",
    "kerby": "Kerby DS. The simple difference formula: an approach to teaching nonparametric correlation. Compr "
    "Psychol. 2014;3:11.IT.3.1.",
    "pratt": "Pratt JW. Remarks on zeros and ties in the Wilcoxon signed rank procedures. J Am Stat Assoc. "
    "1959;54(287):655–667.",
    "cohen": "Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. Lawrence Erlbaum; 1988.",
    "schuirmann": "Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach. J "
    "Pharmacokinet Biopharm. 1987;15(6):657–680.",
    "friedman": "Friedman M. The use of ranks to avoid the assumption of normality. J Am Stat Assoc. "
    "1937;32(200):675–701.",
    "page": "Page EB. Ordered hypotheses for multiple treatments. J Am Stat Assoc. 1963;58(301):216–230.",
    "satterthwaite": "Kuznetsova A, Brockhoff PB, Christensen RHB. lmerTest package: tests in linear mixed effects "
    "models. J Stat Softw. 2017;82(13):1–26.",
}
"""References by the name that a sentence calls them by."""
_CALL = re.compile(r"\{(\w+)\}")


def cited(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    """Replace the names of sources by their numbers.

    Parameters
    ----------
    sentences : sequence of str
        Sentences with names in braces: ``by Holm's method {holm}``.

    Returns
    -------
    tuple of list of str
        The sentences with numbers in brackets, and the names in the order of their numbers.

    Examples
    --------
    >>> cited(["First {holm}.", "Then {bh} and {holm}."])
    (['First [1].', 'Then [2] and [1].'], ['holm', 'bh'])
    """
    names = list(dict.fromkeys(name for sentence in sentences for name in _CALL.findall(sentence)))
    numbers = {name: str(place) for place, name in enumerate(names, start=1)}
    return [_CALL.sub(lambda call: f"[{numbers[call[1]]}]", sentence) for sentence in sentences], names
