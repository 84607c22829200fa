"""A stand-in for Terraform Cloud: as much of its API as a workspace with local execution needs.

Terraform reaches it over plain HTTP: `configuration` is a block of its CLI configuration that tells where the
services of app.terraform.io are.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

HOSTNAME = "app.terraform.io"
TOKEN = "not-a-real-token-but-just-as-secret"

# What the client reads as "this server has all features".
_API_VERSION = {"TFP-API-Version": "2.6"}


@dataclass
class Workspace:
    """A workspace: who holds its lock, and its states, the newest last."""

    name: str
    locked: bool = False
    states: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class TerraformCloud:
    """One organization, as the server holds it."""

    organization: str
    url: str = ""
    workspaces: dict[str, Workspace] = field(default_factory=dict)

    @property
    def configuration(self) -> str:
        """What terraform's CLI configuration needs to find the server."""
        services = {"tfe.v2": f"{self.url}/api/v2/", "tfe.v2.1": f"{self.url}/api/v2/"}
        lines = [f"    {json.dumps(name)} = {json.dumps(url)}\n" for name, url in services.items()]
        return f'host "{HOSTNAME}" {{\n  services = {{\n{"".join(lines)}  }}\n}}\n'


@contextmanager
def terraform_cloud(organization: str) -> Iterator[TerraformCloud]:
    """A running server, with an organization that has no workspaces yet."""
    cloud = TerraformCloud(organization)

    class Handler(_Handler):
        state = cloud

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        cloud.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield cloud
        finally:
            server.shutdown()
            thread.join()
