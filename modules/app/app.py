"""The stacks of some accounts and regions, written by one CDKTF app."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf import App

from deployment import DeploymentError, Problem, RegionPlan, S3Backend
from deployment.reports.quotas import Usage, usages
from modules.account_stack import AccountStack
from modules.state.state_stack import StateStack

#: The oldest Terraform, and the oldest OpenTofu, which reads its own file instead, with all that stacks use
#: (a lock file in S3), by the file that says so. checkov 3.3 reads nothing of a stack whose JSON has a
#: ``required_version``, and reports success: it takes every argument in ``terraform`` for a block.
REQUIRED_VERSIONS = {"versions.tf": "1.11", "versions.tofu": "1.10"}


@dataclass(frozen=True)
class Written:
    """What an app wrote: CDKTF's manifest, and how much of AWS's quotas each stack uses."""

    manifest: dict[str, Any]
    usages: dict[str, tuple[Usage, ...]]


def write_stacks(regions: Sequence[RegionPlan], directory: Path, output: Path) -> Written:
    """Build the stacks of these accounts and regions and write them, once none is left that cannot be built.

    Args:
        regions: The accounts and regions. What is asked for of an account must be in one app, since its
            regions may share a state stack.
        directory: Where to write, as cdktf lays it out; made where it does not exist.
        output: The folder that the stacks are moved to, in which terraform runs.

    Raises:
        DeploymentError: Stacks cannot be built, or would go over what AWS takes. It holds a problem for each,
            placed at its account.
    """
    # What CDKTF validates is the version of terraform, by a process for each resource of its own kind.
    app = App(outdir=str(directory), skip_validation=True)
    accounts: dict[str, str] = {}
    state_stacks: dict[str, StateStack] = {}
    problems: list[Problem] = []
    for region in regions:
        accounts[region.stack_name] = region.account
        try:
            stack = AccountStack(app, region, output)
        except ValueError as error:
            problems.append(_problem(region.stack_name, accounts, str(error)))
            continue
        backend = region.state
        if isinstance(backend, S3Backend) and backend.create_bucket:
            if backend.bucket not in state_stacks:
                accounts[backend.bucket_stack] = region.account
                state_stacks[backend.bucket] = StateStack(
                    app, backend.bucket_stack, region=region, backend=backend, output=output
                )
            # Where the state stack is left out, cdktf names it, rather than terraform a missing bucket.
            stack.add_dependency(state_stacks[backend.bucket])
    if problems:
        raise DeploymentError(problems)
    app.synth()
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    for stack in manifest["stacks"].values():
        for name, version in REQUIRED_VERSIONS.items():
            text = f'terraform {{\n  required_version = ">= {version}"\n}}\n'
            (directory / stack["workingDirectory"] / name).write_text(text, encoding="utf-8")
    used = {
        name: usages(json.loads((directory / stack["synthesizedStackPath"]).read_text(encoding="utf-8")))
        for name, stack in manifest["stacks"].items()
    }
    over = [(name, usage) for name, of_stack in used.items() for usage in of_stack if usage.is_over]
    if over:
        raise DeploymentError(
            _problem(name, accounts, f"{u.quota}: {u.used:,}, but AWS takes {u.limit:,}") for name, u in over
        )
    return Written(manifest, used)


def _problem(stack: str, accounts: dict[str, str], message: str) -> Problem:
    return Problem(("accounts", accounts[stack]), f"{stack}: {message}")
