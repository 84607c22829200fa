"""A stand-in for Terraform Cloud: as much of its API as workspaces with local execution need."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

HOSTNAME = "app.terraform.io"
TOKEN = "not-a-token-of-anybody"


@dataclass
class Workspace:
    """A workspace: its attributes as terraform sets them, and the texts of its states, the newest last."""

    attributes: dict[str, Any]
    states: list[str] = field(default_factory=list)


@dataclass
class TerraformCloud:
    """A server with one organization, whose new workspaces run terraform where it is called."""

    organization: str
    url: str
    workspaces: dict[str, Workspace] = field(default_factory=dict)

    @property
    def cli_configuration(self) -> str:
        """What terraform's CLI configuration must say to find the server in place of the real one."""
        return f'host "{HOSTNAME}" {{\n  services = {{ "tfe.v2" = "{self.url}/api/v2/" }}\n}}\n'


@contextmanager
def terraform_cloud(organization: str) -> Iterator[TerraformCloud]:
    """A server, from entering the context to leaving it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _RequestHandler) as server:
        cloud = TerraformCloud(organization, f"http://127.0.0.1:{server.server_port}")
        server.api = _Api(cloud)  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield cloud
        server.shutdown()
        thread.join()


class RefusalError(Exception):
    """An answer other than success: its status, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Api:
    """The resources under /api/v2/. A body of bytes is a state; anything else is a JSON:API document."""

    def __init__(self, cloud: TerraformCloud) -> None:
        self.cloud = cloud
        self.one_at_a_time = Lock()
        org, workspace = re.escape(cloud.organization), r"workspaces/ws-([\w-]+)"
        self.routes: Mapping[str, Callable[..., Any]] = {
            "GET ping": lambda body: None,
            f"GET organizations/{org}/entitlement-set": self.entitlements,
            f"POST organizations/{org}/workspaces": self.create,
            rf"GET organizations/{org}/workspaces/([\w-]+)": self.read,
            f"GET {workspace}": self.read,
            f"PATCH {workspace}": self.update,
            f"POST {workspace}/actions/lock": self.lock,
            f"POST {workspace}/actions/unlock": self.unlock,
            f"POST {workspace}/state-versions": self.new_state,
            f"GET {workspace}/current-state-version": self.current_state,
            f"GET {workspace}/current-state-version-outputs": self.outputs,
            r"GET state-versions/sv-([\w-]+)": self.current_state,
            r"GET states/([\w-]+)": self.download,
            r"PUT states/([\w-]+)": self.upload,
        }

    def answer(self, method: str, path: str, body: bytes) -> Any:
        """What a request is answered with."""
        for route, action in self.routes.items():
            if found := re.fullmatch(route, f"{method} {path}"):
                with self.one_at_a_time:
                    return action(*found.groups(), body)
        raise RefusalError(404, f"{method} {path}")

    def workspace(self, name: str) -> Workspace:
        if name not in self.cloud.workspaces:
            raise RefusalError(404, f"no workspace {name}")
        return self.cloud.workspaces[name]

    def entitlements(self, body: bytes) -> Any:
        return _resource("entitlement-sets", "org", {"state-storage": True, "operations": True})

    def create(self, body: bytes) -> Any:
        attributes = json.loads(body)["data"]["attributes"]
        name = attributes["name"]
        self.cloud.workspaces[name] = Workspace({"execution-mode": "local", "locked": False, **attributes})
        return self.read(name, b"")

    def read(self, name: str, body: bytes) -> Any:
        permissions = dict.fromkeys(("can-lock", "can-unlock", "can-update", "can-read-settings"), True)
        return _resource(
            "workspaces", f"ws-{name}", {**self.workspace(name).attributes, "permissions": permissions}
        )

    def update(self, name: str, body: bytes) -> Any:
        self.workspace(name).attributes |= json.loads(body)["data"]["attributes"]
        return self.read(name, b"")

    def lock(self, name: str, body: bytes) -> Any:
        if self.workspace(name).attributes["locked"]:
            raise RefusalError(409, "workspace already locked")
        self.workspace(name).attributes["locked"] = True
        return self.read(name, b"")

    def unlock(self, name: str, body: bytes) -> Any:
        self.workspace(name).attributes["locked"] = False
        return self.read(name, b"")

    def new_state(self, name: str, body: bytes) -> Any:
        if not self.workspace(name).attributes["locked"]:
            raise RefusalError(409, "workspace not locked")
        return self._state_version(name)

    def current_state(self, name: str, body: bytes) -> Any:
        if not self.workspace(name).states:
            raise RefusalError(404, "no state yet")
        return self._state_version(name)

    def _state_version(self, name: str) -> Any:
        url = f"{self.cloud.url}/api/v2/states/{name}"
        urls = {"hosted-state-upload-url": url, "hosted-state-download-url": url}
        # The state in its other form, for people who look at it in the browser: nobody does here.
        urls["hosted-json-state-upload-url"] = f"{url}-json"
        return _resource("state-versions", f"sv-{name}", {"status": "finalized", **urls})

    def outputs(self, name: str, body: bytes) -> Any:
        outputs = json.loads(self.workspace(name).states[-1])["outputs"]
        return {
            "data": [
                {
                    "type": "state-version-outputs",
                    "id": f"wsout-{output}",
                    "attributes": {"name": output, "value": of["value"], "detailed-type": of["type"]},
                }
                for output, of in outputs.items()
            ]
        }

    def download(self, name: str, body: bytes) -> bytes:
        return self.workspace(name).states[-1].encode()

    def upload(self, name: str, body: bytes) -> None:
        if not name.endswith("-json"):
            self.workspace(name).states.append(body.decode())


def _resource(kind: str, resource_id: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": {"type": kind, "id": resource_id, "attributes": attributes}}


class _RequestHandler(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix("/api/v2/").partition("?")[0]
        status = 200
        try:
            # The addresses of states are secrets themselves.
            if not path.startswith("states/") and self.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise RefusalError(401, "unauthorized")
            answer = self.server.api.answer(self.command, path, body)  # type: ignore[attr-defined]
        except RefusalError as refusal:
            status = refusal.status
            answer = {"errors": [{"status": str(status), "title": str(refusal)}]}
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.api+json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("TFP-API-Version", "2.6")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 (the names are http.server's)

    def log_message(self, *arguments: Any) -> None:
        pass
