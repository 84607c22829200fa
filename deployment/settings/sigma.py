"""Sigma rules that a deployment takes from files."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool

from catalog.model.security_event import Pack, Severity
from deployment.settings.model import Model
from deployment.settings.types.text import DISTINCT, RelativePath, Text


class RuleEngine(Enum):
    """What finds the records of rules."""

    AUTO = "auto"
    """What the account's engine is, for a rule that filters find exactly; a log alarm for any other."""
    METRIC = "metric"
    """Metric filters only; a rule that no filter finds exactly is not deployed."""
    LOG = "log"
    """Log alarms for every rule."""


def _is_file_pattern(value: str) -> str:
    if value.rstrip("/").endswith("**"):
        raise ValueError("finds folders only: end it with a name, such as rules/**/*.yml")
    return value


class SigmaRules(Model):
    """Files of Sigma rules, and how these are deployed. Each rule becomes an event, which overrides,
    exclusions and reports treat like one of the catalog."""

    rules: Annotated[RelativePath, AfterValidator(_is_file_pattern)]
    """The files, relative to the deployment file: a name, or a pattern such as rules/**/*.yml, where **
    stands for folders of any depth."""
    engine: RuleEngine = RuleEngine.AUTO
    """auto: filters may find the rules that they find exactly, as engine and pack_engines say, and log alarms
    find all others. metric: only rules that filters find exactly are deployed. log: log alarms find all.
    Default: auto."""
    minimum_level: Severity = Severity.INFORMATIONAL
    """The lowest level that is deployed. A rule without a level counts as medium. Default: informational, all
    of them."""
    exclude: Annotated[tuple[Text, ...], DISTINCT] = Field(default=())
    """Rules that are not deployed: each by its id, its event's key, its title, or its file, which may be a
    pattern such as rules/web/*. Default: none."""
    packs: Annotated[tuple[Pack, ...], DISTINCT] = ()
    """The packs that the rules belong to: only accounts with one of them watch them. Correlations have no
    pack. Default: none, every account watches them."""
    sysmon: StrictBool = False
    """Whether Sysmon is installed on the servers that watch the rules: records of Sysmon are then collected,
    and used for each rule whose log source has some. Default: false, only what Windows writes itself is."""
    placeholders: Mapping[Text, Annotated[tuple[Text, ...], Field(min_length=1), DISTINCT]] = {}
    """The values of placeholders, by name: Admins: [alice, "*-adm"] for what rules write as %Admins%; * and ?
    are wildcards. A name that no rule has is an error. Default: none, rules with placeholders are not
    deployed."""
    accept_case: StrictBool = False
    """Whether a filter may miss records that spell a value in another letter case than the rule. Default:
    false."""
