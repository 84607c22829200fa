"""``docs/reference/settings.md``: every setting with its type, default, meaning and an example.

The settings and their words are those of the JSON Schema. The examples are those of a deployment file of the
tests, which writes every setting and is loaded there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from catalog.docs.markdown import anchor, text
from deployment.settings.schema import plain_schema

#: The page, and the file with the examples, in the repository.
PAGE = Path("docs", "reference", "settings.md")
EXAMPLES = Path("tests", "compatibility", "everything.yaml")

_HEAD = """\
<!-- Written by `python -m deployment schema --write` from the settings models. Edit those, not this. -->

# Settings

Every setting of `deployment.yaml`. `.venv/bin/python -m deployment check` prints everything that is wrong in
a file, with its line. An editor that knows YAML schemas explains each setting while you type.

A setting is looked for in the account, then in the rules of the organization that match it, then under
`defaults`, then here: [what replaces what](../how-to/fleet.md#what-replaces-what). In the headings, `NAME`
stands for names of your own and for keys of the catalog, and `[]` for each entry of a list."""
_TITLES = {"": "The file", "settings": "Settings of an account"}
_SETTINGS_INTRODUCTION = (
    "Under `defaults` for all accounts, in an entry of `accounts`, or in a rule of the organization."
)
_DOCUMENT = re.compile(r"docs/(?:reference/)?([a-z/-]+)\.md")
_CODE = re.compile(
    r"(\{[a-z_]+\}(?:[-/]\{[a-z_]+\})*|(?<![\w/.-])(?:[a-z<>]+\.)*[a-z]+(?:_[a-z0-9]+)+(?![\w/-]))"
)
_SHORT_CHOICE = 4
_WIDTH, _MOST_LINES = 96, 12

_Schema = Mapping[str, Any]


@dataclass(frozen=True)
class _Group:
    """Settings that stand together.

    Args:
        places: Where they may stand, each a path of keys; the settings of accounts are in ``settings``.
        schema: What they are.
    """

    schema: _Schema
    places: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading."""
        kind = self.schema.get("properties", {}).get("type", {}).get("const")
        return _TITLES.get(self.places[0], f"In `{self.places[0]}`") + (f", `type: {kind}`" if kind else "")


def settings_page(examples: str) -> str:
    """Return the page.

    Args:
        examples: A deployment file, for the examples.
    """
    schema: _Schema = plain_schema()
    page = _Page(_groups(schema), schema["$defs"], yaml.safe_load(examples))
    return "\n\n".join([_HEAD, *page.blocks()]) + "\n"


def _groups(schema: _Schema) -> Mapping[str, _Group]:
    """Return the groups by the name of their type, in the order of the file.

    The place of a group that is nearest to the top of the file is its first."""
    found = {"Deployment": _Group(schema, [""])}
    queue = [("", schema)]
    for place, group in queue:
        known = schema["$defs"]["Settings"]["properties"] if place == "accounts.NAME" else {}
        settings = {name: each for name, each in group.get("properties", {}).items() if name not in known}
        if isinstance(others := group.get("additionalProperties"), dict):
            settings["NAME"] = others
        for name, setting in settings.items():
            for kind, steps in _references(setting):
                if "enum" in schema["$defs"][kind]:
                    continue
                below = "settings" if kind == "Settings" else f"{place}.{name}{steps}"
                below = below.removeprefix("settings").lstrip(".") if kind != "Settings" else below
                if kind not in found:
                    found[kind] = _Group(schema["$defs"][kind])
                    queue.append((below, schema["$defs"][kind]))
                if below not in found[kind].places:
                    found[kind].places.append(below)
    tops = [_top(each) for each in found.values()]
    return dict(sorted(found.items(), key=lambda each: tops.index(_top(each[1]))))


def _top(group: _Group) -> str:
    return re.split(r"[.\[]", group.places[0])[0]


def _references(setting: Any, steps: str = "") -> Iterator[tuple[str, str]]:
    """Yield each type that a setting refers to, with what leads from the setting to it."""
    match setting:
        case {"$ref": str(reference)}:
            yield reference.rpartition("/")[2], steps
        case {"anyOf": choices} | {"oneOf": choices}:
            for each in choices:
                yield from _references(each, steps)
        case {"items": items}:
            yield from _references(items, f"{steps}[]")
        case {"additionalProperties": dict(values)}:
            yield from _references(values, f"{steps}.NAME")


@dataclass(frozen=True)
class _Page:
    """What the blocks of the page are written from."""

    groups: Mapping[str, _Group]
    types: Mapping[str, _Schema]
    examples: _Schema

    def blocks(self) -> Iterator[str]:
        """Yield the blocks of the page."""
        for kind, group in self.groups.items():
            yield f"## {group.title}"
            if kind == "Settings":
                yield _SETTINGS_INTRODUCTION
            elif kind != "Deployment":
                yield self._words(group.schema.get("description", ""))
            if len(group.places) > 1:
                yield "Also " + ", ".join(f"`{place}`" for place in group.places[1:]) + "."
            required = group.schema.get("required", ())
            known = self.types["Settings"]["properties"] if kind == "Account" else {}
            for name, setting in group.schema.get("properties", {}).items():
                if name not in known:
                    yield from self._setting(group, name, setting, is_required=name in required)
        yield "## Words"
        yield "The words that some settings take."
        for kind, schema in self.types.items():
            if len(schema.get("enum", ())) > _SHORT_CHOICE:
                yield f"### {_spoken(kind)}"
                yield ", ".join(f"`{each}`" for each in schema["enum"])

    def _setting(self, group: _Group, name: str, setting: _Schema, *, is_required: bool) -> Iterator[str]:
        place = group.places[0]
        yield f"### `{_path(place, name)}`"
        meaning, _, default = setting.get("description", "").rpartition("Default: ")
        if not meaning:
            meaning, default = default, ""
        yield self._words(meaning.strip())
        state = "**Required**" if is_required else f"**Default:** {self._words(default)}" if default else ""
        yield f"**Type:** {self._type(setting)}<br>{state}".removesuffix("<br>")
        if example := self._example(place, name):
            yield f"```yaml\n{example}```"

    def _words(self, words: str) -> str:
        """Return words of the schema as Markdown, with links to the pages that they name."""
        linked = _DOCUMENT.sub(lambda found: f"[{found[1].rpartition('/')[2]}]({_page(found[1])})", words)
        parts = re.split(r"(\[[a-z-]+\]\([a-z./-]+\))", linked)
        return "".join(part if index % 2 else _plain(part) for index, part in enumerate(parts))

    def _type(self, setting: Any) -> str:
        match setting:
            case {"$ref": str(reference)}:
                return self._type_of(reference.rpartition("/")[2])
            case {"const": value}:
                return f"`{value}`"
            case {"enum": list(values)}:
                return " or ".join(f"`{value}`" for value in values)
            case {"anyOf": choices} | {"oneOf": choices}:
                kinds = [each for each in choices if each.get("type") != "null"]
                if {each.get("type") for each in kinds} >= {"string", "integer", "boolean"}:
                    kinds = [each for each in kinds if each.get("type") not in ("integer", "boolean")]
                return " or ".join(dict.fromkeys(self._type(each) for each in kinds))
            case {"type": "array"}:
                return f"list: {self._type(setting.get('items', {}))}"
            case {"type": "object"}:
                return f"mapping of names: {self._type(setting.get('additionalProperties', {}))}"
            case {"type": "integer"}:
                return "number" + "".join(
                    f", {words} {setting[key]}"
                    for key, words in (
                        ("minimum", "at least"),
                        ("maximum", "at most"),
                        ("multipleOf", "a multiple of"),
                    )
                    if key in setting
                )
            case {"type": "boolean"}:
                return "`true` or `false`"
            case _:
                return "text"

    def _type_of(self, kind: str) -> str:
        values = self.types[kind].get("enum", ())
        if not values:
            title = self.groups[kind].title
            return f"[{title[:1].lower()}{title[1:]}](#{anchor(title)})"
        if len(values) > _SHORT_CHOICE:
            return f"a [{_spoken(kind).lower()}](#{anchor(_spoken(kind))})"
        return " or ".join(f"`{value}`" for value in values)

    def _example(self, place: str, name: str) -> str:
        """Return the longest example that is short enough to be read; empty where there is none."""
        steps = [step for step in re.split(r"\.|(?=\[)", place.removeprefix("settings")) if step]
        is_of_account = place == "settings" or (steps and steps[0] in self.types["Settings"]["properties"])
        of_accounts = [self.examples["defaults"], *self.examples["accounts"].values()]
        roots: Sequence[Any] = of_accounts if is_of_account else [self.examples]
        values = [each[name] for root in roots for each in _found(root, steps) if name in each]
        dumped = [
            yaml.dump(
                {name: value},
                default_flow_style=None if isinstance(value, dict | list) else False,
                sort_keys=False,
                allow_unicode=True,
                width=_WIDTH,
            )
            for value in values
        ]
        short = [each for each in dumped if each.count("\n") <= _MOST_LINES and "<Event" not in each]
        return max(short, key=len, default="")


def _found(value: Any, steps: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the mappings at a place of a deployment file."""
    match steps:
        case []:
            if isinstance(value, dict):
                yield value
        case ["[]", *rest]:
            for entry in value if isinstance(value, list) else ():
                yield from _found(entry, rest)
        case ["NAME", *rest]:
            for entry in value.values() if isinstance(value, dict) else ():
                yield from _found(entry, rest)
        case [step, *rest]:
            if isinstance(value, dict) and step in value:
                yield from _found(value[step], rest)


def _path(place: str, name: str) -> str:
    return f"{place}.{name}".removeprefix("settings.").lstrip(".")


def _page(document: str) -> str:
    """Return the path from the folder of this page to another; those of the same folder have no folder."""
    return f"../{document}.md" if "/" in document else f"{document}.md"


def _plain(words: str) -> str:
    """Return words as they are to be read, names of settings and placeholders as code."""
    parts = _CODE.split(words)
    return "".join(f"`{part}`" if index % 2 else text(part) for index, part in enumerate(parts))


def _spoken(kind: str) -> str:
    """Return the name of a type as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.lstrip("_")).capitalize()
