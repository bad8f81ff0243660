"""What defaults have chosen of several results, and the act that makes such a choice the laboratory's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.lab.settings_edit import with_settings
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.plan.plan_lock import plan_locks
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

SETTING_OF_POLICY = {"mean_in_range": "several_results"}
"""Setting of qc.toml that declares a policy, where it is not that of dilutions."""
_CHOSEN = """
    SELECT policy, count(DISTINCT reported_id) FROM latest_repeats
    WHERE study = ? AND is_usable AND NOT is_declared AND policy <> 'ask' AND role <> 'replaced'
        AND reported_id IS NOT NULL AND result_id <> reported_id
    GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class DeclaredChoice(JsonModel):
    """What several results of one sample do, now that the laboratory has said so itself."""

    study: str
    """Study whose samples have several results."""
    settings: dict[str, str]
    """Settings of section ``[assess]`` that were written, with their policies."""
    n_samples: int
    """Samples and analytes of the study of which a default had chosen."""
    seq: int
    """Number of the ledger entry."""


def chosen_by_default(con: Connection, study: str) -> dict[str, int]:
    """Count the samples and analytes of a study of which a default has chosen among results in range, by policy."""
    return {policy: int(n) for policy, n in con.execute(_CHOSEN, [study]).fetchall()}


def undeclared_choices(lab: LabFolder, con: Connection) -> dict[str, dict[str, int]]:
    """Return what defaults have chosen by study, of those whose plan refuses it, or that have no plan yet."""
    choices = {}
    for (study,) in con.execute("SELECT DISTINCT study FROM latest_repeats ORDER BY 1").fetchall():
        locks = plan_locks(lab, study)
        chosen = chosen_by_default(con, study)
        if chosen and (not locks or locks[-1].plan.several_results == "refuse"):
            choices[study] = chosen
    return choices


def default_words(chosen: Mapping[str, int]) -> str:
    """Say what defaults have chosen, and the one command that settles it; empty where nobody has to."""
    if not chosen:
        return ""
    n, policies = sum(chosen.values()), " and ".join(chosen)
    samples = "1 sample" if n == 1 else f"{n:,} samples"
    return (
        f"{samples} with several results in range, of which a default has chosen ({policies}); where a plan refuses "
        "several results, 'qc plan declare --reason ...' makes that the choice of the lab"
    )


def declare_choice(
    lab: LabFolder,
    study: str,
    *,
    several_dilutions: str = "",
    several_results: str = "",
    reason: str,
    actor: str | None = None,
) -> DeclaredChoice:
    """Write into qc.toml what several results of one sample do, with who and why in the ledger.

    Parameters
    ----------
    several_dilutions, several_results : str
        Policies; where both are empty, what defaults have chosen in the study is declared as it is.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If a reason is missing, a policy is not known, or nothing would change.
    """
    from qc.store.entry import Draft, Kind

    if not reason.strip():
        raise ConfigError("Nothing was declared: say with --reason why several results of a sample do this.")
    person = allowed_person(lab, actor, Right.LOCK_PLAN)
    with lab.facts.reading() as con:
        chosen = chosen_by_default(con, study)
    named = {"several_dilutions": several_dilutions, "several_results": several_results}
    wanted = {key: value for key, value in named.items() if value} or {
        SETTING_OF_POLICY.get(policy, "several_dilutions"): policy for policy in chosen
    }
    if not wanted:
        raise ConfigError(f"Nothing was declared: of no sample of study '{study}' has a default chosen a result.")
    before = {key: getattr(lab.settings.assess, key) for key in wanted}
    if before == wanted:
        raise ConfigError("Nothing was declared: qc.toml says so already.")
    text = with_settings(
        lab.paths.settings.read_text(encoding="utf-8"), {f"assess.{key}": value for key, value in wanted.items()}
    )
    removed = [f"{key} = {value}" for key, value in before.items() if value]
    body = {"added": [f"{key} = {value}" for key, value in wanted.items()], "removed": removed, "reason": reason}
    drafts = [Draft(Kind.CONFIG_CHANGE, "assess.several", body, person.name)]
    (entry,) = lab.ledger.append(drafts, at=datetime.now(UTC))
    lab.paths.settings.write_text(text, encoding="utf-8")
    return DeclaredChoice(study, wanted, sum(chosen.values()), entry.seq)
