"""The settings of ``qc.toml``, each with its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, MinLen

from checks.several_results import DilutionPolicy, ResultPolicy
from schemas.toml_table import TomlTable


@dataclass(frozen=True)
class LabSettings(TomlTable):
    """Section ``[lab]``: whose lab it is."""

    name: str = ""
    """Name of the lab, printed on reports."""
    default_study: str = "STUDY-1"
    """Study of sample sheets and commands that name none."""
    label: str = ""
    """Word printed on every page, such as ``SYNTHETIC``; empty for none."""


@dataclass(frozen=True)
class AssessSettings(TomlTable):
    """Section ``[assess]``: how runs are judged."""

    default_profile: str = "research-elisa"
    """Acceptance profile of runs that name none."""
    warnings_wait: bool = False
    """Whether warnings that a profile tolerates hold a result, so that a person sees it; else `qc queue --in-spite`."""
    suites: Mapping[str, str | list[str]] = field(default_factory=lambda: {"serum": "serum_run", "csf": "csf_run"})
    """Expectation suites by matrix, by the names of their files."""
    ignore: tuple[str, ...] = ()
    """Tests that are none of the studies': ``AFP``, or ``AFP @ AU-480`` for one instrument; `qc ignore` writes them."""
    several_dilutions: DilutionPolicy | Literal[""] = ""
    """What several dilutions of a sample do; empty means what the profile says."""
    several_results: ResultPolicy | Literal[""] = ""
    """What several results of a sample at one dilution do; empty means what the profile says."""


@dataclass(frozen=True)
class GateSettings(TomlTable):
    """Section ``[gate]``: what a release needs."""

    minimum_pairs: Annotated[int, Ge(1)] = 6
    """Pairs below which a contrast is pointed out: 2 / 2**6 = 0.03 is the first exact two-sided p below 0.05."""


@dataclass(frozen=True)
class IngestSettings(TomlTable):
    """Section ``[ingest]``: what is taken in."""

    max_file_mb: Annotated[float, Gt(0)] = 200.0
    """Largest file that is read, in megabytes."""
    memory_mb: Annotated[float, Ge(100)] = 1500.0
    """Memory that reading may take in its processes, in megabytes beyond what their libraries take."""
    seconds: Annotated[float, Gt(0)] = 120.0
    """Time that reading one file may take in its processes, in seconds."""


@dataclass(frozen=True)
class NightlySettings(TomlTable):
    """Section ``[nightly]``: the job of the night."""

    settle_s: Annotated[float, Ge(0)] = 0.0
    """Age below which a file of the inbox is left for the next night, in seconds: it may still be being copied."""
    max_age_h: Annotated[float, Gt(0)] = 36.0
    """Age of the last good night above which ``qc status`` is in trouble, in hours."""
    min_free_percent: Annotated[float, Ge(0)] = 5.0
    """Free space of the disk below which ``qc status`` is in trouble, in percent."""
    max_backup_days: Annotated[float, Gt(0)] = 8.0
    """Age of the newest backup above which ``qc status`` is in trouble, in days."""
    lot_days: Annotated[float, Ge(0)] = 14.0
    """Days before its end at which ``qc status`` tells of a lot in use."""
    exit: Literal["any", "new"] = "any"
    """Whether ``qc nightly`` exits 1 while anything waits, or only where something waits that did not before."""


@dataclass(frozen=True)
class NotifySettings(TomlTable):
    """Section ``[notify]``: whom to tell of what, by names of the addresses file; never anything about a patient."""

    addresses_file: str = ""
    """TOML file of names and URLs of apprise, readable by its owner alone, relative to the folder of the lab."""
    new_rejects: tuple[str, ...] = ()
    """Told after a night in which something was newly rejected."""
    files_refused: tuple[str, ...] = ()
    """Told after a night that refused files."""
    night_failed: tuple[str, ...] = ()
    """Told when a night stopped, or met a fault of the program."""
    night_late: tuple[str, ...] = ()
    """Told when the last good night is older than ``[nightly] max_age_h``."""
    watcher_silent: tuple[str, ...] = ()
    """Told when `qc watch` or `qc listen` has missed two beats."""
    lot_expires: tuple[str, ...] = ()
    """Told when a lot in use ends within ``[nightly] lot_days``."""
    backup_old: tuple[str, ...] = ()
    """Told when the newest backup is older than ``[nightly] max_backup_days``."""
    again_h: Annotated[float, Gt(0)] = 24.0
    """Hours after which a trouble that lasts is told again."""


@dataclass(frozen=True)
class WatchSettings(TomlTable):
    """Section ``[watch]``: the inbox, watched all day by `qc watch`."""

    still_s: Annotated[float, Ge(0)] = 10.0
    """Seconds for which a file and all that belongs to it must stand still before it is taken in."""
    beat_s: Annotated[float, Gt(0)] = 60.0
    """Seconds between two signs of life; who misses two is silent."""
    retry_s: Annotated[float, Gt(0)] = 600.0
    """Seconds after which a file that a fault of ours left in the inbox is tried again."""


@dataclass(frozen=True)
class ListenSettings(TomlTable):
    """Section ``[listen]``: instruments that send by themselves to `qc listen`."""

    host: str = "127.0.0.1"
    """Address to listen on: this machine alone, unless ``peers`` says who else may send."""
    hl7_port: Annotated[int, Ge(0)] = 0
    """Port of HL7 v2 over MLLP; 0 for none."""
    astm_port: Annotated[int, Ge(0)] = 0
    """Port of ASTM E1381 over TCP; 0 for none."""
    serial: tuple[str, ...] = ()
    """Serial lines that speak ASTM, with their speed: ``/dev/ttyUSB0:9600``."""
    peers: tuple[str, ...] = ()
    """Addresses that may send; none means whoever reaches the host, which must then be this machine."""
    most_connections: Annotated[int, Ge(1)] = 32
    """Connections at once."""
    most_per_peer: Annotated[int, Ge(1)] = 4
    """Connections of one address at once."""
    max_message_mb: Annotated[float, Gt(0)] = 10.0
    """Largest message that is kept, in megabytes."""
    idle_s: Annotated[float, Gt(0)] = 600.0
    """Seconds after which a connection that says nothing is closed."""
    beat_s: Annotated[float, Gt(0)] = 60.0
    """Seconds between two signs of life; who misses two is silent."""


@dataclass(frozen=True)
class StoreSettings(TomlTable):
    """Section ``[stores]``: the facts and the ledger."""

    wait_s: Annotated[float, Ge(0)] = 30.0
    """Longest time to wait for a store that another process holds, in seconds."""


Role = Literal["analyst", "lab_manager", "qa", "statistician", "service", "admin"]
FourEyes = Literal["approve_over", "release"]
_DECIDE: tuple[Role, ...] = ("lab_manager", "qa")
_ASK: tuple[Role, ...] = ("analyst", "lab_manager", "qa")


@dataclass(frozen=True)
class PeopleSettings(TomlTable):
    """Section ``[people]``: who acts, and how it is known."""

    roles_without_accounts: tuple[Role, ...] = ("analyst", "lab_manager", "qa", "statistician")
    """Roles of the operating-system user while the ledger has no account; none of them once it has one."""
    os_users: bool = False
    """Whether an account may be used without a password by the operating-system user that it names."""
    session_minutes: Annotated[float, Gt(0)] = 15.0
    """Minutes without an act after which a session ends and the password is asked for again."""
    signing_asks: Literal["session", "always"] = "session"
    """When a signature asks for the password: once a session, or always."""
    second_factor: bool = False
    """Whether a password alone opens no session: everybody enters a second factor (`qc users second-factor`)."""
    shortest_password: Annotated[int, Ge(8)] = 12
    """Fewest characters of a password."""
    four_eyes: tuple[FourEyes, ...] = ()
    """Acts that need a second person: ``approve_over``, ``release``."""


@dataclass(frozen=True)
class AuditSettings(TomlTable):
    """Section ``[audit]``: what `qc audit review` points out."""

    day_begins: Annotated[int, Ge(0)] = 6
    """Hour of local time before which an act counts as odd."""
    day_ends: Annotated[int, Ge(1)] = 21
    """Hour of local time from which an act counts as odd."""
    burst_decisions: Annotated[int, Ge(2)] = 10
    """Single decisions of one person within a minute that count as a burst: nobody reads so many dossiers so fast."""
    failed_sign_ins: Annotated[int, Ge(2)] = 3
    """Failed sign-ins of one account within an hour that are pointed out."""


@dataclass(frozen=True)
class RightsSettings(TomlTable):
    """Section ``[rights]``: which roles may do what; nobody with the role ``admin`` judges data, whatever it says."""

    ingest: tuple[Role, ...] = ("analyst", "lab_manager", "qa", "service")
    """Bring files and let the night take them in."""
    sheet: tuple[Role, ...] = _ASK
    """Change rows of sheets that are in already and on which no result rests; what others change waits."""
    comment: tuple[Role, ...] = ("analyst", "lab_manager", "qa", "statistician", "admin")
    """Write a comment."""
    approve: tuple[Role, ...] = _DECIDE
    """Approve what nothing but warnings hold."""
    approve_over: tuple[Role, ...] = _DECIDE
    """Approve over a failure."""
    reject: tuple[Role, ...] = _DECIDE
    """Reject."""
    repeat: tuple[Role, ...] = _ASK
    """Ask for a repeat or a dilution."""
    correct: tuple[Role, ...] = _DECIDE
    """Accept or refuse what a delivery would change of rows that have results, and bring files as corrections."""
    undo: tuple[Role, ...] = _ASK
    """Undo a decision of one's own."""
    undo_others: tuple[Role, ...] = _DECIDE
    """Undo a decision of somebody else."""
    sign: tuple[Role, ...] = ("lab_manager", "qa", "statistician")
    """Sign."""
    release: tuple[Role, ...] = _DECIDE
    """Release a study."""
    lock_plan: tuple[Role, ...] = ("lab_manager", "statistician")
    """Lock the plan of the paired tests."""
    unblind: tuple[Role, ...] = ("qa", "statistician")
    """See subjects and visits, with a recorded reason."""
    users: Annotated[tuple[Role, ...], MinLen(1)] = ("admin",)
    """Keep the accounts."""


@dataclass(frozen=True)
class WebSettings(TomlTable):
    """Section ``[web]``: whom the screens in a browser believe who looks."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses of the proxies that are believed, such as ``127.0.0.1``; none means that nobody acts in a browser."""
    secret_file: str = ""
    """File with a secret of 16 characters or more that a trusted proxy sends along: on the loopback address anybody who
    works on the machine could call itself a proxy. Relative to the folder of the lab."""
    secret_header: str = "X-Proxy-Secret"  # noqa: S105 - the name of a header
    """Header in which the proxy sends the secret."""
    user_header: str = "X-Forwarded-User"
    """Header in which the proxy names the person; it must drop what a browser sends under this name."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Account by what the proxy calls a person; empty means that it names the account itself."""


@dataclass(frozen=True)
class Settings(TomlTable):
    """Everything that ``qc.toml`` says."""

    lab: LabSettings = field(default_factory=LabSettings)
    """Whose lab it is."""
    assess: AssessSettings = field(default_factory=AssessSettings)
    """How runs are judged."""
    gate: GateSettings = field(default_factory=GateSettings)
    """What a release needs."""
    ingest: IngestSettings = field(default_factory=IngestSettings)
    """What is taken in."""
    nightly: NightlySettings = field(default_factory=NightlySettings)
    """The job of the night."""
    notify: NotifySettings = field(default_factory=NotifySettings)
    """Whom to tell of what."""
    watch: WatchSettings = field(default_factory=WatchSettings)
    """The inbox, watched."""
    listen: ListenSettings = field(default_factory=ListenSettings)
    """Instruments that send by themselves."""
    stores: StoreSettings = field(default_factory=StoreSettings)
    """The stores."""
    people: PeopleSettings = field(default_factory=PeopleSettings)
    """Who acts, and how it is known."""
    rights: RightsSettings = field(default_factory=RightsSettings)
    """Which roles may do what."""
    audit: AuditSettings = field(default_factory=AuditSettings)
    """What an audit review points out."""
    web: WebSettings = field(default_factory=WebSettings)
    """Whom the screens in a browser believe."""
