"""An organization's accounts, as ``aws organizations list-accounts`` prints them, and which are meant."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AliasGenerator,
    BeforeValidator,
    ConfigDict,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_pascal

from deployment.settings.model import Model
from deployment.settings.types.accounts import AccountId
from deployment.settings.types.text import Text

_LONGEST_NAME = 50


def _pattern(value: str) -> str:
    if not value.strip("/") or value != value.strip("/"):
        raise ValueError(
            "must be text in which * stands for any characters, without / at its beginning or end"
        )
    return value


#: Text in which ``*``, ``?`` and ``[...]`` mean what they mean in a shell; case matters.
Pattern = Annotated[Text, AfterValidator(_pattern)]


class _AsAwsWritesIt(Model):
    """Named as in the JSON of AWS, of which only a part is needed here."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(alias=to_pascal), validate_by_name=True, extra="ignore"
    )


class Member(_AsAwsWritesIt):
    """An account of the organization. OrganizationalUnit and Tags are not in what list-accounts prints:
    whoever exports adds them, for rules that ask for them."""

    id: AccountId
    """The account's id: 12 digits."""
    name: Text
    """The account's name in the organization."""
    state: Text | None = None
    """ACTIVE, SUSPENDED, ...: only ACTIVE accounts are watched. Default: Status says it."""
    status: Text | None = None
    """What AWS called State before. Default: State says it."""
    organizational_unit: Text | None = None
    """The names of the units that it is in, from the root: Root/Workloads/Production. Default: unknown."""
    tags: Mapping[Text, Text] | None = None
    """The account's tags, {} where it has none. Default: unknown."""

    @model_validator(mode="after")
    def _says_whether_it_is_active(self) -> Self:
        if self.state is None and self.status is None:
            raise ValueError("has neither State nor Status: is it active?")
        return self

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    @property
    def is_active(self) -> bool:
        """Whether AWS lets anybody work in it."""
        return (self.state or self.status) == "ACTIVE"

    @property
    def account_name(self) -> str:
        """Its name as an account of the deployment: 'Prod EU (old)' is prod-eu-old."""
        name = re.sub("[^a-z0-9]+", "-", self.name.lower()).strip("-")
        name = name if name[:1].isalpha() else f"account-{name or self.id}"
        return name[:_LONGEST_NAME].rstrip("-")


class Export(_AsAwsWritesIt):
    """What ``aws organizations list-accounts`` prints."""

    accounts: tuple[Member, ...]
    """The accounts of the organization."""
    next_token: Any = None
    """What AWS gives where this is one page of several. Default: it is all."""

    @field_validator("accounts")
    @classmethod
    def _are_distinct(cls, value: tuple[Member, ...]) -> tuple[Member, ...]:
        seen: dict[str, Member] = {}
        for member in value:
            if (other := seen.setdefault(member.id, member)) is not member:
                raise ValueError(f"{member} is listed twice, the first time as {other}")
        return value

    @field_validator("next_token")
    @classmethod
    def _is_complete(cls, value: Any) -> Any:
        if value is not None:
            raise ValueError("this is one page of several: export without --max-items and --no-paginate")
        return value


def _read(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("names a file, which is read where the deployment itself is a file only")
    return value


#: An export; in a file, the name of one.
ExportOrFile = Annotated[Export, BeforeValidator(_read, json_schema_input_type=str | Export)]


class MemberPattern(Model):
    """Which accounts of an organization are meant: those that all of it matches."""

    organizational_unit: Pattern | None = None
    """The unit that the account is in, or one above it: Root/Workloads means everything below as well. *
    stands for any characters of one unit's name. Default: any."""
    name: Pattern | None = None
    """The account's name in the organization; * stands for any characters. Default: any."""
    tags: Mapping[Text, Pattern] = {}
    """Tags that the account has, each with its value; * stands for any characters. Default: any."""

    def matches(self, member: Member) -> bool:
        """Return whether an account is meant."""
        tags = member.tags or {}
        return (
            (self.name is None or _is_like(member.name, self.name))
            and all(key in tags and _is_like(tags[key], value) for key, value in self.tags.items())
            and (self.organizational_unit is None or _is_in(member, self.organizational_unit.split("/")))
        )

    def lacks(self, member: Member) -> str | None:
        """Return what the export would have to say of an account, for this to be decided."""
        if self.organizational_unit and member.organizational_unit is None:
            return "OrganizationalUnit"
        return "Tags" if self.tags and member.tags is None else None


def _is_in(member: Member, patterns: list[str]) -> bool:
    units = (member.organizational_unit or "").split("/")
    return len(patterns) <= len(units) and all(map(_is_like, units, patterns))


def _is_like(text: str, pattern: str) -> bool:
    # Not as a shell would: the names of accounts may hold brackets and question marks.
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
