from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]
DEFAULTS = """\
defaults:
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
"""


@pytest.fixture
def problems_of_accounts(problems_of: Problems) -> Problems:
    """Return the problems of accounts that begin in line 5, without the file's name."""
    return lambda text: [problem.removeprefix("deployment.yaml:") for problem in problems_of(DEFAULTS + text)]
