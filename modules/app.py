"""The stacks of some accounts and regions, written by one CDKTF app."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf import App

from deployment import MonitoredRegion, S3Backend
from deployment.quotas import Usage, usages
from modules.account_stack import AccountStack
from modules.state_stack import StateStack


@dataclass(frozen=True)
class Written:
    """What an app wrote: CDKTF's manifest, and how much of AWS's quotas each stack uses."""

    manifest: dict[str, Any]
    usages: dict[str, tuple[Usage, ...]]


def write_stacks(regions: Sequence[MonitoredRegion], directory: Path) -> Written:
    """Build the stacks of these accounts and regions and write them, once none is left that could fail.

    Args:
        regions: All regions of an account must be among them, or none.
        directory: Where to write, as cdktf lays it out; made where it does not exist.

    Raises:
        ValueError: A stack cannot be built, or would go over what AWS takes. It names the stack.
    """
    app = App(outdir=str(directory))
    state_stacks: dict[str, StateStack] = {}
    for region in regions:
        try:
            stack = AccountStack(app, region)
        except ValueError as error:
            raise ValueError(f"{region.stack_name}: {error}") from error
        backend = region.state
        if isinstance(backend, S3Backend) and backend.create_bucket:
            if backend.bucket not in state_stacks:
                name = f"{region.account}-{backend.region}-state"
                state_stacks[backend.bucket] = StateStack(app, name, region=region, backend=backend)
            # cdktf applies the state stack first, and says so where it is left out.
            stack.add_dependency(state_stacks[backend.bucket])
    app.synth()
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return Written(
        manifest,
        {
            name: usages(json.loads((directory / stack["synthesizedStackPath"]).read_text(encoding="utf-8")))
            for name, stack in manifest["stacks"].items()
        },
    )
