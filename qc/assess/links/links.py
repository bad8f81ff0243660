"""What links a run to other runs: results of the same subjects, plates with the same signals, bridging records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.links.incurred_samples import measured_samples
from qc.assess.links.rejected_samples import first_judged
from qc.assess.links.repeats import stored_repeats
from qc.items.names import ORDINAL_BITS
from qc.store.frames import query

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from qc.assess.links.rejected_samples import RejectedSamples
    from qc.assess.links.set_aside import SetAside
    from qc.store.connection import Connection

_STORED = """
    SELECT r.study, r.run_id, x.run, r.sample, s.subject, s.visit, r.analyte, r.matrix, r.unit, r.censor, r.method,
        x.platform, x.reagent_lot, x.calibrator_lot, r.plate, r.value, r.censor_limit, x.started_at, r.result_id
    FROM latest_results r JOIN runs x USING (run_id)
        JOIN latest_samples s ON s.study = r.study AND s.sample = r.sample
    WHERE (s.study, s.subject) IN (SELECT (unnest(?), unnest(?)))
"""
_COPIED = """
    SELECT a.run_id, a.plate, b.run_id AS other_run_id, b.plate AS other_plate, count(*) AS n_equal
    FROM wells a JOIN wells b ON a.well = b.well AND a.analyte = b.analyte AND a.signal = b.signal
    WHERE a.run_id IN (SELECT unnest(?)) AND b.run_id <> a.run_id AND a.role NOT IN ('empty', 'blank')
        AND b.role NOT IN ('empty', 'blank')
        AND b.run_id NOT IN (SELECT supersedes FROM runs WHERE supersedes IS NOT NULL)
    GROUP BY ALL
"""
_COUNTED = """
    SELECT run_id, plate, count(*) AS n_compared FROM wells
    WHERE run_id IN (SELECT unnest(?)) AND signal IS NOT NULL AND role NOT IN ('empty', 'blank') GROUP BY ALL
"""
FEW = 4
"""Equal signals below which two plates are not worth a word; well below any limit of a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What links some runs to all others."""

    stored: pl.DataFrame
    """Stored results of their subjects, with ``study`` and ``run_id``."""
    gone: pl.DataFrame
    """``result_id`` of results that are rejected or to be repeated; they link nothing."""
    copied: pl.DataFrame
    """Plates that share signals with a plate of another run: run_id, plate, other_run_id, n_equal, n_compared."""
    rejected: RejectedSamples
    """Samples that a person has rejected as a whole."""
    first_judged: Mapping[int, datetime]
    """When each run was judged for the first time, where a sample is rejected."""
    measured: pl.DataFrame
    """Which samples the studies have measured in other runs, where a profile judges reanalyses."""
    studies: frozenset[str]
    """Studies of runs whose profile does."""
    repeats: pl.DataFrame
    """What their samples have in other runs."""

    def late(self, study: str, run_id: int, results: Iterable[tuple[int, str, str]]) -> dict[int, str]:
        """Return the results of a run whose sample was rejected before they came in.

        Returns
        -------
        dict of int to str
            The decision in words, by ordinal.
        """
        return self.rejected.late(study, self.first_judged.get(run_id), results)

    def beside(self, fresh: pl.DataFrame) -> pl.DataFrame:
        """Return what is stored, but for runs that are being judged, and the results of those.

        Parameters
        ----------
        fresh : DataFrame
            Results of runs that are being judged; they take the place of what is stored of those runs.

        Returns
        -------
        DataFrame
            Columns of ``checks.neighbours.SCHEMA``, ``study`` and ``run_id``.
        """
        import polars as pl

        # A run that is judged once more is stored with its older results: they would stand beside their own
        # newer selves.
        stored = self.stored.join(fresh.select("run_id").unique(), on="run_id", how="anti", maintain_order="left")
        return pl.concat([stored.select(fresh.columns), fresh])

    @staticmethod
    def of(study: str, run_id: int, subjects: Iterable[str], results: pl.DataFrame) -> pl.DataFrame:
        """Return the linked results of one run.

        Parameters
        ----------
        results : DataFrame
            What :meth:`beside` returned, for all runs that are judged together.

        Returns
        -------
        DataFrame
            Columns of ``checks.neighbours.SCHEMA``, sorted.
        """
        import polars as pl

        from checks.linked_columns import SCHEMA

        own = results.filter(
            (pl.col("study") == study) & (pl.col("run_id") != run_id) & pl.col("subject").is_in(sorted(set(subjects)))
        )
        return own.select(*SCHEMA).sort(*SCHEMA)

    def copied_plates(self, run_id: int) -> pl.DataFrame:
        """Return, for each plate of a run, the plate of another run that shares most signals with it.

        Returns
        -------
        DataFrame
            ``plate``, ``n_equal`` and ``n_compared``; a plate that shares next to nothing is left out.
        """
        import polars as pl

        own = self.copied.filter(pl.col("run_id") == run_id)
        most = own.group_by("plate", maintain_order=True).agg(pl.col("n_equal").max(), pl.col("n_compared").first())
        return most.sort("plate")


def load_links(
    con: Connection,
    subjects: Sequence[tuple[str, str]],
    run_ids: Sequence[int],
    set_aside: SetAside,
    *,
    studies: Sequence[str] = (),
) -> Links:
    """Load what links some runs to all others.

    Parameters
    ----------
    studies : sequence of str
        Studies of runs whose profile judges the reanalysis of incurred samples.
    """
    import polars as pl

    owners, names = [study for study, _ in subjects], [subject for _, subject in subjects]
    stored = query(con, _STORED, [owners, names]).join(set_aside.gone, on="result_id", how="anti").drop("result_id")
    copied = query(con, _COPIED, [list(run_ids)]).filter(pl.col("n_equal") >= FEW)
    counted = query(con, _COUNTED, [list(run_ids)])
    with_counts = copied.join(counted, on=["run_id", "plate"], how="left")
    # Only a sample that was rejected as a whole asks whether a result came before or after.
    judged = first_judged(con, run_ids) if set_aside.rejected.rejections else {}
    return Links(
        stored=stored,
        gone=set_aside.gone,
        copied=with_counts,
        rejected=set_aside.rejected,
        first_judged=judged,
        measured=measured_samples(con, studies, run_ids, set_aside.gone),
        studies=frozenset(studies),
        repeats=stored_repeats(con, run_ids, set_aside.gone),
    )


def own_set_aside(own: pl.DataFrame, gone: pl.DataFrame) -> dict[int, frozenset[int]]:
    """Return the results that are gone and stand beside other results of their subject in the same run.

    Parameters
    ----------
    own : DataFrame
        ``run_id``, ``study``, ``subject`` and ``result_id`` of results; one without a subject stands beside none.
    gone : DataFrame
        ``result_id`` of results that are rejected or to be repeated.

    Returns
    -------
    dict of int to frozenset of int
        Ordinals by run.
    """
    import polars as pl

    if gone.is_empty() or own.is_empty():
        return {}
    known = own.filter(pl.col("subject").fill_null("") != "")
    counted_results = known.join(gone, on="result_id", how="anti")
    went = known.join(gone, on="result_id", how="semi")
    beside = went.join(counted_results, on=["run_id", "study", "subject"], how="semi")
    found: dict[int, set[int]] = {}
    for run_id, result_id in beside.select("run_id", "result_id").iter_rows():
        found.setdefault(run_id, set()).add(result_id & ((1 << ORDINAL_BITS) - 1))
    return {run_id: frozenset(ordinals) for run_id, ordinals in found.items()}
