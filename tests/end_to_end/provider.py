"""One process of the AWS provider for many commands of terraform, where this machine has its binary."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local_aws import find_provider_mirror
from local_aws.terraform import PROVIDER

VARIABLE = "TF_REATTACH_PROVIDERS"
SERVICES = (*("chatbot", "cloudformation", "cloudwatch", "iam", "kms", "lambda", "oam", "s3", "sns", "ssm"),)
"""Those whose resources the stacks have: another type of resource is unknown to terraform here."""


@contextmanager
def running_provider(environment: Mapping[str, str]) -> Iterator[str]:
    """Run the provider with these variables on top of the caller's, and give the value of `VARIABLE`.

    Each command otherwise starts two processes and reads the schema of every type of AWS, which takes most of
    its time. The process knows one configuration at a time, and the credentials it was started with: the
    commands must not run at once. The value is empty, and each command has its own, without a mirror here.
    """
    mirror = find_provider_mirror()
    found = list((mirror / PROVIDER).glob("5.*/*/terraform-provider-aws_*")) if mirror else []
    if len(found) != 1:
        yield ""
        return
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with subprocess.Popen(
        ["node", Path(__file__).with_name("provider.cjs"), found[0], *SERVICES],
        env={**own, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        yield run.stdout.readline().strip()
