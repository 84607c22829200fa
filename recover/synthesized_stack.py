"""The stacks that ``cdktf synth`` has written, as far as finding again what they made needs them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from catalog.errors import InputError, did_you_mean
from deployment import AssumedRole


class SynthesisError(InputError):
    """Stacks cannot be read; each line says which, why, and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self._problems = tuple(problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems."""
        return self._problems


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a stack.

    Args:
        type: Its type in terraform (``aws_kms_key``).
        name: Its name in the stack.
        arguments: What it is to be, as the stack's JSON says: a value may refer to another resource.
    """

    type: str
    name: str
    arguments: Mapping[str, Any]

    @property
    def address(self) -> str:
        """What terraform calls it in the stack."""
        return f"{self.type}.{self.name}"

    def reference(self, attribute: str) -> str:
        """Return how another resource's argument refers to one of its attributes."""
        return f"${{{self.address}.{attribute}}}"


@dataclass(frozen=True, slots=True)
class SynthesizedStack:
    """A synthesized stack.

    Args:
        name: Its name.
        folder: The folder that terraform runs in, which holds its ``cdk.tf.json``.
        dependencies: The stacks that cdktf wants to be named with it.
        account_id: The only account that its provider may change.
        region_name: The region of its provider.
        assume_role: The role of its provider; None for the caller's own credentials.
        tags: The tags that its provider gives to every resource that can have some.
        resources: Its resources.
        imported: The addresses that the stack imports itself.
        backend: The kind of its state: ``local``, ``s3`` or ``cloud``.
    """

    name: str
    folder: Path
    dependencies: tuple[str, ...]
    account_id: str
    region_name: str
    assume_role: AssumedRole | None
    tags: Mapping[str, str]
    resources: tuple[Resource, ...]
    imported: frozenset[str]
    backend: str

    def of_type(self, resource_type: str) -> Iterator[Resource]:
        """Return the resources of a type."""
        return (resource for resource in self.resources if resource.type == resource_type)


def read_stacks(directory: Path, wanted: Sequence[str] = ()) -> list[SynthesizedStack]:
    """Read synthesized stacks.

    Args:
        directory: Where they were synthesized to: ``cdktf.out``.
        wanted: The names of the stacks, or patterns of names (``production-*``); none: all of them.

    Raises:
        SynthesisError: There are none, a name stands for none, or one cannot be read.
    """
    manifest = _json(directory / "manifest.json")
    stacks = manifest.get("stacks", {})
    if not stacks:
        raise SynthesisError([f"{directory} holds no stack: run npx cdktf synth again"])
    patterns = wanted or ["*"]
    if unknown := [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in stacks)]:
        raise SynthesisError(
            [
                f"{pattern}: {directory} has no such stack{did_you_mean(pattern, stacks)}"
                for pattern in unknown
            ]
        )
    read, problems = [], []
    for name, entry in stacks.items():
        if not any(fnmatchcase(name, pattern) for pattern in patterns):
            continue
        file = directory / entry["synthesizedStackPath"]
        try:
            read.append(_stack(name, file.parent, entry.get("dependencies", ()), _json(file)))
        except SynthesisError as error:
            problems.append(str(error))
    if problems:
        raise SynthesisError(problems)
    return read


def _stack(
    name: str, folder: Path, dependencies: Sequence[str], content: Mapping[str, Any]
) -> SynthesizedStack:
    providers = content.get("provider", {}).get("aws", [])
    accounts = [account for provider in providers for account in provider.get("allowed_account_ids", [])]
    if len(providers) != 1 or len(accounts) != 1:
        raise SynthesisError(
            [f"{name}: it has not one AWS provider with one account in allowed_account_ids, to look into"]
        )
    (provider,) = providers
    (role,) = provider.get("assume_role") or [None]
    (backend,) = content.get("terraform", {}).get("backend") or ["cloud"]
    return SynthesizedStack(
        name=name,
        folder=folder,
        dependencies=tuple(dependencies),
        account_id=accounts[0],
        region_name=provider["region"],
        assume_role=AssumedRole(role["role_arn"], role.get("external_id"), role.get("session_name"))
        if role
        else None,
        tags={key: value for each in provider.get("default_tags", []) for key, value in each["tags"].items()},
        resources=tuple(
            Resource(resource_type, resource_name, arguments)
            for resource_type, resources in content.get("resource", {}).items()
            for resource_name, arguments in resources.items()
        ),
        imported=frozenset(block["to"] for block in content.get("import", [])),
        backend=backend,
    )


def _json(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SynthesisError([f"{file} does not exist: run npx cdktf synth first"]) from None
    except (OSError, ValueError) as error:
        raise SynthesisError([f"{file}: {error}: run npx cdktf synth again"]) from None
    if not isinstance(content, dict):
        raise SynthesisError([f"{file}: it is no JSON object: run npx cdktf synth again"])
    return content
