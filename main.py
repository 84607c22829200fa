"""The CDKTF app: the deployment file in, a stack for each account and region out."""

import os
import sys

from deployment import DeploymentError, MonitoredRegion, S3Backend, load, resolve


def main() -> int:
    """Read the file that DEPLOYMENT names and write ``cdktf.out``; 2 where it is wrong, all of it told."""
    try:
        regions = resolve(load(os.environ.get("DEPLOYMENT", "deployment.yaml")))
        write_stacks(regions)
    except (DeploymentError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for region in regions:
        for notice in region.notices:
            print(f"{region.stack_name}: {notice}", file=sys.stderr)
    return 0


def write_stacks(regions: tuple[MonitoredRegion, ...]) -> None:
    """Build every stack, and write them all once none is left that could fail."""
    # Only a deployment that is right pays for the start of Node.
    from modules import AccountStack, StateStack  # isort: skip (it makes cdktf start quickly)
    from cdktf import App

    app = App()
    state_stacks: dict[str, StateStack] = {}
    for region in regions:
        stack = AccountStack(app, region)
        backend = region.state
        if isinstance(backend, S3Backend) and backend.create_bucket:
            if backend.bucket not in state_stacks:
                name = f"{region.account}-{backend.region}-state"
                state_stacks[backend.bucket] = StateStack(app, name, region=region, backend=backend)
            # cdktf applies the state stack first, and says so where it is left out.
            stack.add_dependency(state_stacks[backend.bucket])
    app.synth()


if __name__ == "__main__":
    sys.exit(main())
