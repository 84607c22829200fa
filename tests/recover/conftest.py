import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local_aws import LocalAws
from local_aws.records import Records
from recover import SynthesizedStack, read_stacks
from tests.local_requests import without_sockets

ACCOUNT = "111122223333"
REGION = "eu-west-1"

#: The arguments of some resources of a type, by their names.
Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region=REGION) as aws, without_sockets(aws):
        yield aws


@pytest.fixture(scope="module")
def empty(server: LocalAws) -> Records:
    """The records of empty accounts."""
    return server.records()


@pytest.fixture
def aws(server: LocalAws, empty: Records, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """An empty local AWS, and this process with the credentials of the account that is deployed to."""
    server.restore(empty)
    for name, value in server.environment(ACCOUNT).items():
        monkeypatch.setenv(name, value)
    return server


@pytest.fixture
def client(aws: LocalAws) -> Callable[[str], Any]:
    """A client of a service in the account that is deployed to."""
    return lambda service: aws.client(service, ACCOUNT, REGION)


@pytest.fixture
def synthesize(tmp_path: Path) -> Callable[..., Path]:
    """Write a stack as cdktf does, beside those written before, and return ``cdktf.out``."""
    directory = tmp_path / "cdktf.out"

    def write(name: str = "production", resources: Resources | None = None, **further: Any) -> Path:
        file = directory / "manifest.json"
        manifest = json.loads(file.read_text()) if file.exists() else {"stacks": {}}
        path = f"stacks/{name}/cdk.tf.json"
        manifest["stacks"][name] = {
            "name": name,
            "synthesizedStackPath": path,
            "dependencies": further.pop("dependencies", []),
        }
        provider = {"region": REGION, "allowed_account_ids": [ACCOUNT], **further.pop("provider", {})}
        content = {
            "provider": {"aws": [provider]},
            "terraform": {"backend": {"local": {"path": "x"}}},
            "resource": resources or {},
            **further,
        }
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(json.dumps(content))
        file.write_text(json.dumps(manifest))
        return directory

    return write


@pytest.fixture
def stack_of(synthesize: Callable[..., Path]) -> Callable[..., SynthesizedStack]:
    """Return a stack of these resources."""

    def read(resources: Resources, **further: Any) -> SynthesizedStack:
        (stack,) = read_stacks(synthesize(resources=resources, **further))
        return stack

    return read
