from pathlib import Path

import pytest

from tests.wheel.environments import OWN_VERSION


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of one version of Python in one process, which makes its environments once."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            parameters = getattr(getattr(item, "callspec", None), "params", {})
            item.add_marker(pytest.mark.xdist_group(f"wheel-{parameters.get('version', OWN_VERSION)}"))
