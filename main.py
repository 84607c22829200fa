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
    buckets: set[str] = set()
    for region in regions:
        AccountStack(app, region)
        backend = region.state
        if isinstance(backend, S3Backend) and backend.create_bucket and backend.bucket not in buckets:
            buckets.add(backend.bucket)
            StateStack(app, f"{region.account}-{backend.region}-state", region=region, backend=backend)
    app.synth()


if __name__ == "__main__":
    sys.exit(main())
