"""YAML as plain data that remembers where each value stands.

A scalar is a boolean, null or whole number only where it is spelt ``true``, ``false``, ``null`` (or ``~``, or
nothing) or in decimal digits without a leading zero; everything else, such as ``yes``, ``012``, ``1.10`` or
``2024-01-01``, is the text that it looks like. Keys are always text. Anchors, aliases and ``<<`` work.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from deployment.problem import DeploymentError, KeyPath, Problem
from deployment.settings.types.text import CDKTF_TOKEN

#: What a file says, in JSON's types.
Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | bool | None"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 50
#: Values in a file, aliases expanded: far above any deployment, far below what would exhaust a machine.
_LARGEST = 1_000_000
_NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: dict[str, Data] = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_COLLECTION_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


@dataclass(slots=True)
class Node:
    """A value of a file, and its parts with the line of each.

    Args:
        file: The file that it is in, which need not be that of what it is a part of.
        data: What it says.
        parts: The values in a mapping or list, by key or index.
        size: How many values it is, aliases expanded.
        depth: How deep it is nested.
    """

    file: str
    data: Data
    parts: dict[str | int, "tuple[int, Node]"] = field(default_factory=dict)
    size: int = 1
    depth: int = 1

    def part(self, *path: str | int) -> "tuple[int, Node] | None":
        """Return the line and the value at a path; None where there is none."""
        found = (1, self)
        for step in path:
            if step not in found[1].parts:
                return None
            found = found[1].parts[step]
        return found

    def with_part(self, path: KeyPath, line: int, part: "Node") -> "Node":
        """Return a copy of this mapping where a value of whichever file stands at a path of mappings."""
        step, *rest = path
        if rest:
            line_here, below = self.parts.get(step, (line, Node(self.file, {})))
            line, part = line_here, below.with_part(tuple(rest), line, part)
        data = self.data if isinstance(self.data, dict) else {}
        return replace(self, data={**data, str(step): part.data}, parts={**self.parts, step: (line, part)})

    def located(self, problem: Problem) -> Problem:
        """Return a problem with the file and line of its value, or of the nearest that is in the file."""
        if problem.file:
            return problem
        node, line, path = self, 1, []
        for step in problem.path:
            if step in node.parts:
                line, node = node.parts[step]
                path.append(step)
            else:
                # A setting that is missing belongs to the path; what a short form stands for does not.
                path += [step] if isinstance(node.data, dict) else []
                break
        return Problem(tuple(path), problem.message, node.file, line)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    node: Node
    anchor: str | None
    line: int
    #: The key whose value comes next, None for ``<<``, with its line.
    key: tuple[str | None, int] | None = None
    merged: list[Node] = field(default_factory=list)


class _RefusedError(Exception):
    """What makes reading on pointless."""

    def __init__(self, line: int, message: str) -> None:
        self.problem = (line, message)


def read(path: str | Path, holds: str = "name, defaults and accounts") -> Node:
    """Read a YAML file that holds one mapping. (JSON is YAML too.)

    Args:
        path: The file; problems name it as it is spelt here.
        holds: What the mapping is made of, to tell whoever wrote something else.

    Raises:
        DeploymentError: It cannot be read, is no YAML, names a key twice, ... with the lines.
    """
    file = Path(path)
    reader = _YamlReader(str(file), holds)
    problems: list[tuple[int | None, str]] = []
    try:
        root = reader.read(_text(file))
    except _RefusedError as error:
        problems.append(error.problem)
    except OSError as error:
        problems.append((None, reason(error)))
    else:
        if not reader.problems:
            return root
    found = sorted([*reader.problems, *problems], key=lambda problem: problem[0] or 0)
    raise DeploymentError(Problem((), message, str(file), line) for line, message in found)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except ValueError as error:
        raise OSError(f"is not the name of a file: {error}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _RefusedError(1, "the file is in UTF-16: save it as UTF-8") from None
        line = raw.count(b"\n", 0, error.start) + 1
        raise _RefusedError(
            line, f"byte 0x{raw[error.start]:02X} is not UTF-8: save the file as UTF-8"
        ) from None
    if wrong := _NOT_IN_YAML.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        raise _RefusedError(line, f"the control character U+{ord(wrong[0]):04X} must not be in a YAML file")
    return text


def reason(error: OSError) -> str:
    """Return why a file cannot be read, in words for people."""
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "is a folder, not a file"
        case PermissionError():
            return "this user may not read it"
        case _:
            return error.strerror or str(error)


def _too_deep(line: int) -> _RefusedError:
    return _RefusedError(line, f"is nested more than {_DEEPEST} deep")


class _YamlReader:
    """Builds the nodes from the parser's events: without recursion, and with a limit to aliases."""

    def __init__(self, file: str, holds: str) -> None:
        self.problems: list[tuple[int, str]] = []
        self._file = file
        self._holds = holds
        self._anchors: dict[str, Node] = {}
        self._open: list[_Open] = []
        self._root: Node | None = None

    def read(self, text: str) -> Node:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event, event.start_mark.line + 1 if event.start_mark else 1)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            # libyaml's own limit, which it meets first: it reads ahead.
            if error.problem == "exceeded maximum nesting depth":
                raise _too_deep(line) from None
            context = f" {error.context}" if error.context else ""
            raise _RefusedError(line, f"is not YAML{context}: {error.problem}") from None
        if self._root is None or self._root.data is None:
            raise _RefusedError(1, f"the file is empty: it must be a mapping with {self._holds}")
        if not isinstance(self._root.data, dict):
            raise _RefusedError(1, f"the file must be a mapping with {self._holds}")
        return self._root

    def _take(self, event: yaml.Event, line: int) -> None:
        match event:
            case yaml.DocumentStartEvent() if self._root:
                raise _RefusedError(line, "a second document begins here: the file must be one")
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                closed = self._open.pop()
                _merge(closed)
                self._attach(closed.node, closed.anchor, closed.line)
            case yaml.ScalarEvent() if self._awaits_key():
                self._key(event, line)
            case yaml.ScalarEvent():
                self._attach(Node(self._file, _scalar(event, line)), event.anchor, line)
            case yaml.AliasEvent() if self._awaits_key():
                raise _RefusedError(line, "a key must be plain text, not an alias")
            case yaml.AliasEvent():
                self._attach(self._anchored(event.anchor, line), None, line)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].node.data, dict) and self._open[-1].key is None

    def _start(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if self._awaits_key():
            raise _RefusedError(line, "a key must be plain text, not a list or mapping")
        if event.tag not in _COLLECTION_TAGS:
            raise _RefusedError(line, _unknown_tag(event.tag))
        if len(self._open) >= _DEEPEST:
            raise _too_deep(line)
        if event.anchor:
            self._anchors.pop(event.anchor, None)
        data: Data = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(Node(self._file, data), event.anchor, line))

    def _key(self, event: yaml.ScalarEvent, line: int) -> None:
        parent, plain = self._open[-1], event.implicit[0]
        if plain and not event.value:
            raise _RefusedError(line, "a key is missing before ':'")
        _refuse_token(event.value, line)
        if event.value in parent.node.parts:
            first = parent.node.parts[event.value][0]
            self.problems.append((line, f"the key {event.value!r} is in line {first} already"))
        parent.key = (None if plain and event.value == "<<" else event.value, line)

    def _anchored(self, anchor: str | None, line: int) -> Node:
        if node := self._anchors.get(anchor or ""):
            return node
        if any(parent.anchor == anchor for parent in self._open):
            raise _RefusedError(line, f"*{anchor} would contain itself")
        raise _RefusedError(line, f"there is no &{anchor} above")

    def _attach(self, node: Node, anchor: str | None, line: int) -> None:
        """Put a finished value into the mapping or list that it stands in."""
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        parent.node.size += node.size
        parent.node.depth = max(parent.node.depth, node.depth + 1)
        if parent.node.size > _LARGEST or parent.node.depth > _DEEPEST:
            raise _RefusedError(line, "the aliases expand to more than any deployment could need")
        if isinstance(parent.node.data, list):
            parent.node.parts[len(parent.node.data)] = (line, node)
            parent.node.data.append(node.data)
        elif parent.key and isinstance(parent.node.data, dict):
            key, line_of_key = parent.key
            parent.key = None
            if key is None:
                parent.merged += self._mappings(node, line)
            elif key not in parent.node.parts:
                parent.node.parts[key] = (line_of_key, node)
                parent.node.data[key] = node.data

    def _mappings(self, node: Node, line: int) -> list[Node]:
        nodes = [part for _, part in node.parts.values()] if isinstance(node.data, list) else [node]
        if not all(isinstance(each.data, dict) for each in nodes):
            raise _RefusedError(
                line, "<< takes an alias of a mapping, such as '<<: *common', or a list of these"
            )
        return nodes


def _merge(mapping: _Open) -> None:
    """Add what ``<<`` brings: the mapping's own keys win, then those of the first that is merged."""
    node = mapping.node
    for other in mapping.merged:
        for key, (line, part) in other.parts.items():
            if key not in node.parts and isinstance(node.data, dict):
                node.parts[key] = (line, part)
                node.data[str(key)] = part.data


def _unknown_tag(tag: str) -> str:
    return f"the tag {tag.replace('tag:yaml.org,2002:', '!!')} has no meaning here"


def _refuse_token(text: str, line: int) -> None:
    if CDKTF_TOKEN in text:
        raise _RefusedError(
            line, f"{CDKTF_TOKEN!r} must not be in a text: CDKTF would take it for a reference"
        )


def _scalar(event: yaml.ScalarEvent, line: int) -> Data:
    if event.tag is not None and event.tag not in _TEXT_TAGS:
        raise _RefusedError(line, _unknown_tag(event.tag))
    text = str(event.value)
    _refuse_token(text, line)
    if event.tag or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else text
