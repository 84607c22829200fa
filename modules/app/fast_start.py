"""CDKTF without its start-up cost, and with the same output.

`cdktf_cdktf_provider_aws` imports all of its 2,135 submodules as soon as one of them is imported, and so does
its Node half, which jsii runs. That, and taking it all down at exit, is where the time goes; a stack needs a
dozen of them. `enable` has both halves load a submodule when it is first named (`benchmarks/RESULTS.md` has
the seconds and megabytes):

- in Python, the package is registered without running its `__init__`;
- in Node, `fast_start.cjs`, preloaded through NODE_OPTIONS, changes the index that loads the submodules. It
  also shortens the way of every call from Python to Node.

What is left takes Python and Node as long as each other, and each would wait for the other: `NodeAtWork` lets
Python import while Node starts.

With versions other than `KNOWN_VERSIONS`, and where anything is not as expected, the provider loads as it
always does. CDKTF_FAST_START=off in the environment asks for that too.
"""

import atexit
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

SWITCH = "CDKTF_FAST_START"
OFF = {"off", "0", "false", "no"}
KNOWN_VERSIONS = {"cdktf": "0.21.0", "cdktf-cdktf-provider-aws": "20.1.0", "jsii": "1.142.0"}
PROVIDER = "cdktf_cdktf_provider_aws"
JSII_ASSEMBLY = "@cdktf/provider-aws"
PRELOAD = Path(__file__).with_suffix(".cjs")


class ProviderOnDemand(ModuleType):
    """The provider's package, importing a submodule when it is first read as an attribute."""

    __all__: list[str]

    def __getattr__(self, name: str) -> ModuleType:
        if name in self.__all__:
            return importlib.import_module(f"{self.__name__}.{name}")
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__all__})


def enable() -> bool:
    """Have the AWS provider loaded on demand, in this process and in jsii's Node process.

    To be called before the provider's first import; later, or once more, it changes nothing. The Node process
    starts with the first import of a jsii package, so `enable` imports one, `constructs`, while NODE_OPTIONS
    names the preload, and then restores NODE_OPTIONS. In a process that has imported `constructs` or `cdktf`
    before, only Python's half is loaded on demand.

    jsii's warning that Node 20 is old is silenced, unless the environment says what to silence.

    Returns:
        Whether Python loads the provider on demand.
    """
    # jsii runs on Node 20 too, and need not say so in a dozen lines before whatever there is to say.
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    if PROVIDER not in sys.modules and os.environ.get(SWITCH, "on").lower() not in OFF:
        # Whatever fails here, the provider can still start in its own way.
        with suppress(Exception):
            if all(importlib.metadata.version(name) == known for name, known in KNOWN_VERSIONS.items()):
                _register_provider()
                _let_node_start_at_the_same_time()
                with _preloading(PRELOAD):
                    importlib.import_module("constructs")
    return isinstance(sys.modules.get(PROVIDER), ProviderOnDemand)


class NodeAtWork:
    """jsii's Node process, whose answers are awaited when they are needed, and not while it starts.

    That a package is loaded in Node tells Python nothing: until the first construct is made, requests are
    only handed to Node. If the start fails, or a package cannot be loaded, a second process is started and
    asked in jsii's own way.

    Args:
        node_process: jsii's class of the process.
    """

    def __init__(self, node_process: Callable[[], Any]) -> None:
        self._node_process = node_process
        self._node = node_process()
        self._loading: list[Any] | None = []

    def start(self) -> None:
        """Start the process, as jsii does, without waiting for its first words."""
        self._greet, self._node.handshake = self._node.handshake, lambda: None
        self._node.start()
        # Before jsii ends it, by force after five seconds: unpacking a package for the first time takes more.
        atexit.register(self._end)

    def send(self, request: Any, response_type: Any) -> Any:
        """Return Node's answer; None where a package is still being loaded, which jsii makes nothing of."""
        if self._loading is not None:
            if type(request).__name__ == "LoadRequest":
                self._loading.append(request)
                # Whether Node is there to read it is seen when its answers are read.
                with suppress(OSError):
                    self._node._process.stdin.write(self._line(request))
                    self._node._process.stdin.flush()
                return None
            self._catch_up()
        return self._node.send(request, response_type)

    def _line(self, request: Any) -> bytes:
        return json.dumps(self._node._serializer.unstructure(request)).encode() + b"\n"

    def _catch_up(self) -> None:
        requests, self._loading = self._loading or [], None
        if not self._has_loaded(requests):
            self._node = self._node_process()
            self._node.start()
            for request in requests:
                self._node.send(request, Any)

    def _has_loaded(self, requests: Sequence[Any]) -> bool:
        try:
            self._greet()
            for _ in requests:
                self._node._next_message()["ok"]
        except Exception:
            with suppress(OSError):
                self._node.stop()
            return False
        return True

    def _end(self) -> None:
        if self._loading is not None:
            self._has_loaded(self._loading)


@contextmanager
def _preloading(file: Path) -> Iterator[None]:
    """Have a Node process that is started inside the block require `file` first, where there is that file."""
    former = os.environ.get("NODE_OPTIONS")
    if file.is_file():
        quoted = str(file).replace("\\", "\\\\").replace('"', '\\"')
        os.environ["NODE_OPTIONS"] = f'{former or ""} --no-deprecation --require "{quoted}"'.lstrip()
    try:
        yield
    finally:
        os.environ.pop("NODE_OPTIONS", None)
        if former is not None:
            os.environ["NODE_OPTIONS"] = former


def _let_node_start_at_the_same_time() -> None:
    from jsii._kernel.providers import process

    process._NodeProcess = partial(NodeAtWork, process._NodeProcess)  # type: ignore[assignment, misc]


def _register_provider() -> None:
    """Put the provider's package into `sys.modules` as it is before its `__init__` runs."""
    from jsii import _reference_map

    spec = importlib.util.find_spec(PROVIDER)
    assert spec is not None
    assert spec.submodule_search_locations
    package = importlib.util.module_from_spec(spec)
    with os.scandir(spec.submodule_search_locations[0]) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("_"))
    package.__class__ = ProviderOnDemand
    package.__dict__["__all__"] = names
    # When Node returns an object whose type Python has not imported, jsii finds its submodule in this map.
    # Packages made by a newer jsii bring it; this one counts on having imported everything.
    _reference_map._submodule_fqn_map.update(
        (f"{JSII_ASSEMBLY}.{_camel_case(name)}", f"{PROVIDER}.{name}") for name in names
    )
    sys.modules[PROVIDER] = package


def _camel_case(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
