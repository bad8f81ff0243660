"""The rule set of a lab: catalogue, profiles, suites and rules, and the hash that names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from checks.catalogue_limits import Resolver
from qc.assess.prepare.chosen_suites import chosen_suites
from qc.lab.catalogue.catalogue_files import texts_of_folder
from qc.lab.words import lab_words
from schemas.canonical import canonical_json, sha256_text
from schemas.json_model import json_value

if TYPE_CHECKING:
    from checks.profile import Profile
    from checks.rule import Rule
    from qc.lab.folder import LabFolder
    from schemas.catalogue import Catalogue
    from schemas.value_words import ValueWords


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that a verdict rests on apart from the data."""

    catalogue: Catalogue
    """Analytes, units and limits."""
    profiles: Mapping[str, Profile]
    """Acceptance profiles by name."""
    suite_texts: Sequence[tuple[str, str]]
    """Matrix and text of each suite."""
    rules: Mapping[str, Rule]
    """All rules by id."""
    default_profile: str
    """Profile of a run that names none."""
    sha256: str
    """Hash of all of it."""
    words: ValueWords
    """What words mean that stand in place of a number."""
    ignored: tuple[str, ...]
    """Tests of which nothing is judged."""
    resolver: Resolver
    """The catalogue, which remembers what it was asked."""

    def profile_of(self, name: str) -> Profile | None:
        """Return a profile by its name, the default one for an empty name.

        Returns
        -------
        Profile or None
            None if it is not known.
        """
        return self.profiles.get(name or self.default_profile)


def load_rule_set(lab: LabFolder, *, over: Path | None = None) -> RuleSet:
    """Load what the lab judges by.

    Parameters
    ----------
    lab : LabFolder
        The lab; its ``catalogue/``, ``profiles/`` and ``suites/`` lie over what is shipped.
    over : Path, optional
        Folder with ``catalogue/`` and ``profiles/`` of its own that lie over the lab's: rules that are being tried.

    Raises
    ------
    ConfigError
        If one of the lab's own files is faulty, or qc.toml names a suite that is not there; all faults are named.
    """
    from checks.registry import foreign_rules, rules
    from schemas.catalogue import with_lab_words

    folders = [lab.paths.root, *([over] if over else [])]
    own_catalogue, own_profiles = _own_texts(folders, "catalogue"), _own_texts(folders, "profiles")
    catalogue, profiles = _parsed(tuple(own_catalogue.items()), tuple(own_profiles.items()))
    if lab.settings.assess.warnings_wait:
        profiles = {name: replace(one, tolerated_warnings=frozenset()) for name, one in profiles.items()}
    words = lab_words(lab.paths)
    catalogue = catalogue if words.is_empty else with_lab_words(catalogue, words)
    suites = chosen_suites(lab)
    known = rules()
    assess = lab.settings.assess
    own = (assess.several_dilutions or None, assess.several_results or None)
    profiles = {name: replace(one, repeats=one.repeats.over(*own)) for name, one in profiles.items()}
    content = {
        "catalogue": catalogue.sha256,
        "profiles": {
            name: {"limits": json_value(profile.limits_by_rule), "tolerated": sorted(profile.tolerated_warnings)}
            | {"repeats": asdict(profile.repeats)}
            for name, profile in profiles.items()
        },
        "suites": [list(one) for one in suites],
        "rules": {rule.id: rule.version for rule in known.values()},
        "default": lab.settings.assess.default_profile,
    }
    if lab.settings.assess.ignore:
        content["ignored"] = sorted(lab.settings.assess.ignore)
    if not words.is_empty:
        content["words"] = asdict(words)
    foreign = {rule_id: one.as_json() for rule_id, one in foreign_rules().items()}
    digest = sha256_text(canonical_json(content | ({"foreign_rules": foreign} if foreign else {})))
    return RuleSet(
        catalogue=catalogue,
        profiles=dict(profiles),
        suite_texts=suites,
        rules=known,
        default_profile=lab.settings.assess.default_profile,
        sha256=digest,
        words=words.value_words,
        ignored=tuple(lab.settings.assess.ignore),
        resolver=Resolver(catalogue, words.units),
    )


@lru_cache(maxsize=4)
def _parsed(
    own_catalogue: tuple[tuple[str, str], ...], own_profiles: tuple[tuple[str, str], ...]
) -> tuple[Catalogue, Mapping[str, Profile]]:
    # The same texts give the same limits: whoever looks at a gate again and again does not wait for them to be parsed.
    from checks.profile import load_profile, profile_names
    from schemas.catalogue import load_catalogue

    own = {name.removesuffix(".toml"): text for name, text in own_profiles}
    names = sorted({*profile_names(), *own})
    profiles = {name: load_profile(name, own_texts=own) for name in names}
    return load_catalogue(dict(own_catalogue)), profiles


def _own_texts(folders: Sequence[Path], name: str) -> dict[str, str]:
    """Return the texts of a folder of this name in several places; a later place lies over an earlier one."""
    texts: dict[str, str] = {}
    for folder in folders:
        texts |= texts_of_folder(folder / name)
    return texts
