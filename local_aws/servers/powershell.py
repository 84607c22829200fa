"""Runs the part of PowerShell in which the project's own scripts are written.

A grammar reads the text; variables, conditions, loops, functions, exceptions and pipelines mean what they
mean in Windows PowerShell. Everything that reaches the server is the caller's: commands, programs and .NET's
static methods. What is not known here is refused, so that no test passes over something that it did not run.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tree_sitter
import tree_sitter_powershell

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "int": int,
    "string": str,
    "bool": bool,
    "void": lambda value: None,
}
_IGNORED = {"comment", "empty_statement", "command_argument_sep", "2>&1"}

#: What is more than its one part.
_WHOLE = {"command", "statement_list", "expandable_string_literal"}


class PowerShellError(Exception):
    """An error of a script, with the .NET type that a ``catch`` names.

    Args:
        message: What the script sees as ``$_.Exception.Message``.
        kind: The type, such as ``System.Management.Automation.ItemNotFoundException``.
    """

    def __init__(self, message: str, kind: str = "System.Exception") -> None:
        super().__init__(message)
        self.kind = kind


class _ExitError(Exception):
    """The script has ended with a status."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class _ReturnError(Exception):
    """A function has returned."""


@dataclass(frozen=True, slots=True)
class ScriptObject:
    """A PowerShell object whose members are known: ``$_`` in a catch, a row, an item."""

    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Block:
    """A script block, with the scope that it was written in."""

    node: Any
    parameters: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What a script may reach.

    Args:
        commands: Cmdlets by name: each takes its positional and its named arguments, and returns its output
            as a list.
        program: Called for ``& $path ...`` with the path and its arguments; returns lines and exit code.
        statics: .NET's static methods and properties by ``Type::Member``.
        variables: Variables that are set before, without the dollar.
    """

    commands: Mapping[str, Callable[..., list[Any]]] = field(default_factory=dict)
    program: Callable[[str, list[str]], tuple[list[str], int]] | None = None
    statics: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


def run(script: str, machine: Machine) -> tuple[list[str], int]:
    """Run a script and return the lines that it prints, and its exit code.

    An error that the script does not catch ends it with exit code 1, its message as the last line.

    Raises:
        NotImplementedError: The script uses what is not known here.
        SyntaxError: The grammar does not read the script.
    """
    root = _PARSER.parse(script.encode()).root_node
    if root.has_error:
        raise SyntaxError("the grammar of PowerShell does not read this script")
    runner = _Runner(machine)
    status = 0
    try:
        for _ in runner.output(runner.statements(root)):
            pass
    except _ExitError as end:
        status = end.status
    except _ReturnError:
        pass
    except PowerShellError as error:
        runner.printed.append(str(error))
        status = 1
    return [str(line) for line in runner.printed], status


class _Runner:
    """The state of one run: scopes of variables, functions, what was printed."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.printed: list[Any] = []
        self.functions: dict[str, _Block] = {}
        known = {"true": True, "false": False, "null": None, "lastexitcode": 0}
        self.scopes: list[dict[str, Any]] = [known | {k.lower(): v for k, v in machine.variables.items()}]

    def output(self, values: Iterator[Any]) -> Iterator[Any]:
        for value in values:
            self.printed.append(value)
            yield value

    # Statements yield what they write to the pipeline.

    def statements(self, node: Any) -> Iterator[Any]:
        for child in node.named_children:
            if child.type not in _IGNORED:
                yield from self.statement(child)

    def statement(self, node: Any) -> Iterator[Any]:
        match node.type:
            case "program" | "statement_list" | "statement_block" | "script_block" | "script_block_body":
                yield from self.statements(node)
            case "function_statement":
                name = _child(node, "function_name").text.decode().lower()
                self.functions[name] = _Block(_child(node, "script_block"), tuple(_parameters(node)))
            case "param_block":
                for name, default in _parameters(node):
                    if name not in self.scopes[-1]:
                        self.scopes[-1][name] = default and self.value(default)
            case "if_statement":
                yield from self._if(node)
            case "foreach_statement":
                name = _name(_child(node, "variable"))
                for item in self._list(self.pipeline(_child(node, "pipeline"))):
                    self.scopes[-1][name] = item
                    yield from self.statement(_child(node, "statement_block"))
            case "try_statement":
                yield from self._try(node)
            case "flow_control_statement":
                yield from self._flow(node)
            case _:
                yield from self._values(node)

    def _if(self, node: Any) -> Iterator[Any]:
        branches = [node, *(_all(_child(node, "elseif_clauses"), "elseif_clause"))]
        branches += _all(node, "elseif_clause")
        for branch in branches:
            if _true(self.pipeline(_child(branch, "pipeline"))):
                yield from self.statement(_child(branch, "statement_block"))
                return
        if other := _child(node, "else_clause"):
            yield from self.statement(_child(other, "statement_block"))

    def _try(self, node: Any) -> Iterator[Any]:
        try:
            yield from self.statement(_child(node, "statement_block"))
        except PowerShellError as error:
            for clause in _all(_child(node, "catch_clauses"), "catch_clause"):
                kinds = _child(clause, "catch_type_list")
                if kinds and error.kind not in re.findall(r"[\w.]+", kinds.text.decode()):
                    continue
                self.scopes[-1]["_"] = ScriptObject({"Exception": ScriptObject({"Message": str(error)})})
                yield from self.statement(_child(clause, "statement_block"))
                return
            raise
        finally:
            if last := _child(node, "finally_clause"):
                for _ in self.statement(_child(last, "statement_block")):
                    pass

    def _flow(self, node: Any) -> Iterator[Any]:
        value = _child(node, "pipeline")
        match node.children[0].text.decode().lower():
            case "exit":
                raise _ExitError(int(self.pipeline(value)))
            case "throw":
                raise PowerShellError(_text(self.pipeline(value)))
            case "return":
                if value:
                    yield from self._values(value)
                raise _ReturnError
            case other:
                raise NotImplementedError(other)

    # Values

    def pipeline(self, node: Any) -> Any:
        """Return a pipeline's one value, the list of several, or None."""
        found = list(self._values(node))
        return found[0] if len(found) == 1 else found or None

    def _values(self, node: Any) -> Iterator[Any]:
        node = _inner(node)
        if node.type == "assignment_expression":
            self._assign(node)
        elif node.type in ("if_statement", "foreach_statement", "try_statement"):
            yield from self.statement(node)
        elif node.type in ("pipeline", "pipeline_chain"):
            commands = [each for each in node.named_children if each.type not in _IGNORED]
            values = self._values(commands[0])
            for command in commands[1:]:
                values = self._command(_inner(command), list(values))
            yield from values
        elif node.type == "command":
            yield from self._command(node)
        elif node.type == "parenthesized_expression":
            yield from self._values(_child(node, "pipeline"))
        else:
            value = self.value(node)
            # A method that returns nothing writes nothing.
            if value is not None:
                yield from value if isinstance(value, list) else [value]

    def _assign(self, node: Any) -> None:
        target, operator, value_node = node.children
        target = _inner(target)
        value = self.pipeline(value_node)
        if target.type != "variable":
            raise NotImplementedError(node.text.decode())
        name = _name(target)
        if operator.text == b"+=":
            before = self._variable(name)
            value = self._list(before) + self._list(value) if isinstance(before, list) else before + value
        self.scopes[-1][name] = value

    def value(self, node: Any) -> Any:
        """Return the value of an expression."""
        node = _inner(node)
        text = node.text.decode()
        match node.type:
            case "variable" | "$_" | "braced_variable":
                return self._variable(_name(node))
            case "verbatim_string_characters" | "verbatim_string_literal":
                return text[1:-1].replace("''", "'")
            case "string_literal" | "expandable_string_literal":
                return self._expandable(text)
            case "decimal_integer_literal":
                return int(text)
            case "parenthesized_expression" | "pipeline" | "pipeline_chain" | "command":
                return self.pipeline(node)
            case "array_expression" | "sub_expression":
                statements = _child(node, "statement_list")
                return list(self.statement(statements)) if statements else []
            case "array_literal_expression":
                return [self.value(each) for each in node.named_children]
            case "generic_token":
                return text
            case "script_block_expression":
                return _Block(_child(node, "script_block"))
            case "hash_literal_expression":
                body = _child(node, "hash_literal_body")
                return {
                    each.named_children[0].text.decode(): self.pipeline(each.named_children[-1])
                    for each in _all(body, "hash_entry")
                }
            case "cast_expression":
                kind = re.sub(r"[\[\]]", "", node.children[0].text.decode()).lower()
                return _TYPES[kind](self.value(node.children[1]))
            case "expression_with_unary_operator":
                if node.children[0].text.decode().lower() not in ("-not", "!"):
                    raise NotImplementedError(text)
                return not _true(self.value(node.children[1]))
            case "invokation_expression" | "member_access":
                return self._member(node)
            case "element_access":
                return self._list(self.value(node.children[0]))[int(self.value(node.children[2]))]
            case kind if kind.endswith("_expression") and len(node.children) == 3:
                return self._operation(node)
        raise NotImplementedError(f"{node.type}: {text}")

    def _operation(self, node: Any) -> Any:
        operator = node.children[1].text.decode().lower()
        left = self.value(node.children[0])
        if operator in ("-and", "-or"):
            decided = _true(left) is (operator == "-or")
            return _true(left) if decided else _true(self.value(node.children[2]))
        right = self.value(node.children[2])
        match operator:
            case "-f":
                values = self._list(right)
                return re.sub(r"\{(\d+)(?:,-(\d+))?\}", lambda m: _placed(values, m), left)
            case "-eq":
                return _same(left, right)
            case "-ne":
                return not _same(left, right)
            case "-ge":
                return left >= right
            case "-gt":
                return left > right
            case "-band":
                return left & right
            case "-contains":
                return any(_same(each, right) for each in self._list(left))
            case "-notcontains":
                return not any(_same(each, right) for each in self._list(left))
            case "-in":
                return any(_same(left, each) for each in self._list(right))
            case "-match":
                return re.search(right, left, re.IGNORECASE) is not None
            case "-join":
                return _text(right).join(map(_text, self._list(left)))
            case "-split":
                return re.split(right, left)
            case "-replace":
                return re.sub(right[0], lambda _: right[1], left)
            case "+":
                if isinstance(left, list):
                    return left + self._list(right)
                return left + _text(right) if isinstance(left, str) else left + right
        raise NotImplementedError(operator)

    def _member(self, node: Any) -> Any:
        owner, operator, name = node.children[0], node.children[1].text.decode(), node.children[2]
        member = name.text.decode()
        arguments = _child(node, "argument_list")
        given = [
            self.value(each)
            for each in (_child(arguments, "argument_expression_list") or node).named_children
            if arguments and _child(arguments, "argument_expression_list")
        ]
        if operator == "::":
            static = self.machine.statics.get(f"{re.sub(r'[][]', '', owner.text.decode())}::{member}")
            if static is None:
                raise NotImplementedError(node.text.decode())
            return static(*given) if arguments else static
        value = self.value(owner)
        if isinstance(value, ScriptObject):
            if member not in value.members:
                raise PowerShellError(f"The property '{member}' cannot be found on this object.")
            found = value.members[member]
            return found(*given) if arguments else found
        if isinstance(value, dict):
            return value[member]
        match member, value:
            case "Add", list():
                value.append(given[0])
                return len(value) - 1
            case "Trim", str():
                return value.strip()
            case "Count", list():
                return len(value)
            case "Contains", str():
                return given[0] in value
        raise NotImplementedError(node.text.decode())

    def _command(self, node: Any, piped: list[Any] | None = None) -> Iterator[Any]:
        name_node = next(
            child for child in node.named_children if child.type in ("command_name", "command_name_expr")
        )
        elements = _child(node, "command_elements")
        positional: list[Any] = []
        named: dict[str, Any] = {}
        words: list[Any] = []
        option = ""
        for each in elements.named_children if elements else ():
            if each.type in _IGNORED or each.text == b"2>&1":
                continue
            if each.type == "command_parameter":
                if option:
                    named[option] = True
                option = each.text.decode()[1:]
                words.append(f"-{option}")
                continue
            value = self.value(each)
            words += value if isinstance(value, list) else [value]
            if option:
                named[option], option = value, ""
            else:
                positional.append(value)
        if option:
            named[option] = True
        if name_node.type == "command_name_expr":
            called = self.value(name_node)
            if isinstance(called, _Block):
                yield from self._call(called, positional, named)
                return
            if self.machine.program is None:
                raise NotImplementedError(node.text.decode())
            lines, self.scopes[0]["lastexitcode"] = self.machine.program(called, [_text(w) for w in words])
            yield from lines
            return
        name = name_node.text.decode()
        if name.lower() in self.functions:
            yield from self._call(self.functions[name.lower()], positional, named)
        elif name in ("ForEach-Object", "Where-Object"):
            for item in piped or ():
                self.scopes[-1]["_"] = item
                found = list(self._call(positional[0], [], {}, own_scope=False))
                if name == "ForEach-Object":
                    yield from found
                elif _true(found):
                    yield item
        elif name in self.machine.commands:
            yield from self.machine.commands[name](*positional, **named)
        else:
            raise NotImplementedError(f"{name}: {node.text.decode()}")

    def _call(
        self, block: _Block, positional: list[Any], named: Mapping[str, Any], own_scope: bool = True
    ) -> Iterator[Any]:
        scope: dict[str, Any] = {}
        given = list(positional)
        lower = {key.lower(): value for key, value in named.items()}
        for name, default in block.parameters:
            if name in lower:
                scope[name] = lower[name]
            elif given:
                scope[name] = given.pop(0)
            else:
                scope[name] = self.value(default) if default else None
        if own_scope:
            self.scopes.append(scope)
        found: list[Any] = []
        try:
            for value in self.statements(block.node):
                found.append(value)
        except _ReturnError:
            pass
        finally:
            if own_scope:
                self.scopes.pop()
        yield from found

    def _variable(self, name: str) -> Any:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        raise PowerShellError(f"The variable '${name}' cannot be retrieved because it has not been set.")

    def _expandable(self, text: str) -> str:
        return re.sub(
            r"\$(?:\{(\w+)\}|(\w+))",
            lambda match: _text(self._variable((match[1] or match[2]).lower())),
            text[1:-1],
        ).replace('`"', '"')

    @staticmethod
    def _list(value: Any) -> list[Any]:
        return value if isinstance(value, list) else [] if value is None else [value]


def _inner(node: Any) -> Any:
    """Follow the chain of an expression of one part to what it is made of."""
    while True:
        named = [child for child in node.named_children if child.type not in _IGNORED]
        if len(node.children) == 1 and named and node.type not in _WHOLE:
            node = named[0]
        else:
            return node


def _child(node: Any, kind: str) -> Any:
    return next((child for child in node.named_children if child.type == kind), None) if node else None


def _all(node: Any, kind: str) -> list[Any]:
    return [child for child in node.named_children if child.type == kind] if node else []


def _name(node: Any) -> str:
    return str(node.text.decode()).strip("${}").lower()


def _parameters(node: Any) -> Iterator[tuple[str, Any]]:
    if node.type == "script_parameter":
        default = _child(node, "script_parameter_default")
        yield _name(_child(node, "variable")), default.named_children[-1] if default else None
        return
    if node.type != "script_block":
        for child in node.named_children:
            yield from _parameters(child)


def _true(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and (len(value) > 1 or _true(value[0]))
    return bool(value)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return bool(left == right)


def _placed(values: list[Any], match: re.Match[str]) -> str:
    return _text(values[int(match[1])]).ljust(int(match[2] or 0))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return "" if value is None else str(value)
