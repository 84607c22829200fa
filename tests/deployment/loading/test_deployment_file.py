import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployment import Deployment, DeploymentError, Problem, load, resolve

Problems = Callable[[str], list[str]]
Write = Callable[[str], Path]

EXAMPLE = (Path(__file__).parents[3] / "deployment.yaml").read_text(encoding="utf-8")


def test_a_file_that_is_in_order_is_a_deployment(write: Write) -> None:
    deployment = load(write(EXAMPLE))
    assert isinstance(deployment, Deployment)
    assert list(deployment.accounts) == ["production", "tokyo", "development"]
    assert len(resolve(deployment)) == 4


_MISTAKES = """\
nam: typo
defaults:
  regions: [eu-central-1]
  packs: [baselin]
  events:
    security-log-cleared: {exclude: {NoSuchField: x}}
    logon-failed-netwrk: {threshold: 5}
    logon-failed-network: {severity: hgh}
  correlations:
    password-sprying: {}
  notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}
own_events:
  - {key: my-own, event_id: 4625, title: T, runbook: r, audit: Logon, severity: hgh, attack: [X1]}
  - {key: other, event_id: 4625, title: T, runbook: r, audit: Logon, severity: low, where: {NoField: 1}}
accounts:
  one:
    id: 111111111111
    regions: [eu-centrl-1]
    events: {user-account-created: {exclude: {IpAddress: 10.0.0.1}}}
"""


def test_a_wrong_value_hides_no_other_mistake(problems_of: Problems) -> None:
    problems = problems_of(_MISTAKES)
    places = [problem.split(": ")[1] for problem in problems]
    assert places == [
        "nam",
        "defaults.packs[0]",
        "defaults.events.security-log-cleared.exclude.NoSuchField",
        "defaults.events.logon-failed-netwrk",
        "defaults.events.logon-failed-network.severity",
        "defaults.correlations.password-sprying",
        "own_events[0].severity",
        "own_events[0].attack",
        "own_events[1].where.NoField",
        "accounts.one.regions[0]",
        "accounts.one.events.user-account-created.exclude.IpAddress",
    ]


def test_nothing_is_said_of_what_follows_from_a_malformed_setting(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: nobody}]}
          correlations: {of-our-own: {}}
          events: {of-ours: {enabled: true}}
        own_events:
          - {key: of-ours, event_id: 4625, title: T, runbook: r, audit: Logon, severity: hgh}
        own_correlations:
          - {key: of-our-own, title: T}
        accounts:
          one: {id: 111111111111}
        """
    )
    places = {problem.split(": ")[1] for problem in problems}
    of_the_correlation = {place for place in places if place.startswith("own_correlations[0]")}
    assert places - of_the_correlation == {
        "defaults.notifications.subscriptions[0].endpoint",
        "own_events[0].severity",
    }


def test_every_problem_is_told_at_once_with_its_line(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        name: Windows
        defaults:
          regions: [eu-central-1]
          retention: 3
          packs: [basline]
        accounts:
          production:
            id: 12345
            events:
              logon-failed-netwrok: {threshold: five}
              logon-failed-network:
                periode: 3
          staging:
        """
    )
    assert problems[2].startswith("deployment.yaml:5: defaults.packs[0]: 'basline': must be 'article', ")
    assert problems[2].endswith("; did you mean baseline?")
    del problems[2]
    assert problems == [
        "deployment.yaml:1: name: 'Windows' is not a name of 1 to 24 lower-case letters, digits and single "
        "hyphens, beginning with a letter",
        "deployment.yaml:4: defaults.retention: no such setting; did you mean retention_days?",
        "deployment.yaml:8: accounts.production.id: '12345' is not an AWS account id: it has 12 digits "
        "(with leading zeros, if any)",
        "deployment.yaml:10: accounts.production.events.logon-failed-netwrok: no such event; did you mean "
        "logon-failed-network?",
        "deployment.yaml:10: accounts.production.events.logon-failed-netwrok.threshold: must be a whole "
        "number, not 'five'",
        "deployment.yaml:12: accounts.production.events.logon-failed-network.periode: no such setting; did "
        "you mean period?",
        "deployment.yaml:13: accounts.staging: must be a mapping (name: value), not nothing",
    ]


def test_a_malformed_account_does_not_hide_what_is_wrong_with_the_others(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        defaults:
          regions: [eu-central-1]
          packs: [remote-desktop]
          events:
            user-account-created: {threshold: 5}
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          broken: {id: x, packs: [baseline]}
          contradicting: {id: 111111111111, agent_version: 1.2.3}
          colliding: {id: 111111111111}
        """
    )
    assert problems == [
        "deployment.yaml:8: accounts.broken.id: 'x' is not an AWS account id: it has 12 digits (with "
        "leading zeros, if any)",
        "deployment.yaml:9: accounts.contradicting.agent_version: 1.2.3 does not know event_ids and would "
        "refuse the whole configuration: take 1.300059.0 or later, or 'collection: levels'",
        "deployment.yaml:10: accounts.colliding.id: 111111111111 is monitored in eu-central-1 by "
        "accounts.contradicting already: their roles, topics and alarms would have the same names",
    ]


def test_a_setting_that_is_missing_is_placed_at_its_account(problems_of: Problems) -> None:
    assert problems_of("accounts:\n  a:\n    regions: [eu-central-1]\n") == [
        "deployment.yaml:2: accounts.a.id: is missing: the account's id: 12 digits"
    ]


@pytest.mark.parametrize("text", ["name: a\n", "accounts: {}\n"])
def test_accounts_that_are_missing_are_placed_at_the_top(problems_of: Problems, text: str) -> None:
    assert problems_of(text) == [
        "deployment.yaml:1: accounts: there are none: list them here, each under a name of your own, or name "
        "an accounts_folder or an organization"
    ]


def test_what_is_wrong_with_a_role_by_its_name_alone_is_placed_at_the_name(problems_of: Problems) -> None:
    (problem,) = problems_of("accounts:\n  a:\n    id: 111111111111\n    assume_role: a b\n")
    assert problem.startswith(
        "deployment.yaml:4: accounts.a.assume_role: 'a b' is neither the name of an IAM role "
    )


def test_an_account_that_is_named_twice_is_refused(problems_of: Problems) -> None:
    assert problems_of("accounts:\n  a:\n    id: 111111111111\n  a:\n    id: 222222222222\n") == [
        "deployment.yaml:4: the key 'a' is in line 2 already"
    ]


def test_a_problem_in_what_an_alias_brings_is_placed_where_it_is_written(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        accounts:
          a: &a
            id: 111111111111
            regions: [tokyo]
          b:
            <<: *a
            id: 222222222222
        """
    )
    message = "'tokyo' is not the name of an AWS region, such as ap-northeast-1 or us-gov-west-1"
    assert problems == [
        f"deployment.yaml:4: accounts.a.regions[0]: {message}",
        f"deployment.yaml:4: accounts.b.regions[0]: {message}",
    ]


def test_an_account_id_with_leading_zeros_needs_no_quotation_marks(write: Write) -> None:
    text = EXAMPLE.replace("111111111111", "000000000012")
    assert load(write(text)).accounts["production"].id == "000000000012"


def test_a_name_with_a_dot_is_quoted_in_the_path(problems_of_account: Problems) -> None:
    assert problems_of_account("tags:\n  a.b: 'x;y'") == [
        "11: tags['a.b']: 'x;y' is not a tag value: at most 256 letters, digits, spaces and _ . : / = + - @"
    ]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("none.yaml", "none.yaml: there is no such file"),
        (".", ".: is a folder, not a file"),
        ("", ".: is a folder, not a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_name(
    path: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeploymentError) as refused:
        load(path)
    assert str(refused.value) == problem


def test_no_traceback_hides_behind_a_refusal(write: Write) -> None:
    with pytest.raises(DeploymentError) as refused:
        load(write("accounts: {a: {}}"))
    assert refused.value.__context__ is None


def _outcome(path: Path) -> list[str]:
    """Load a file; return its problems, each of which must name the file and be one line."""
    try:
        resolve(load(path))
    except DeploymentError as error:
        messages = [str(problem) for problem in error.problems]
    else:
        return []
    assert messages
    assert all(problem.startswith(f"{path}:") and "\n" not in problem for problem in messages)
    return messages


_SETTINGS = sorted(Deployment.model_fields["defaults"].annotation.model_fields)  # type: ignore[union-attr]
_NAMES = st.sampled_from(
    [
        *("name", "defaults", "accounts", "id", "type", "bucket", "schedule", "protocol", "endpoint", "high"),
        *(
            "logon-failed-network",
            "object-handle-requested",
            "threshold",
            "period",
            "alarm",
            "actions",
            "enabled",
        ),
        *(
            "subscriptions",
            "existing_topics",
            "topics",
            "unnotified",
            "install_agent",
            "existing",
            "role",
            "OS",
        ),
        *_SETTINGS,
    ]
)
_SCALARS = (
    st.sampled_from(
        [
            *(
                "local",
                "s3",
                "cloud",
                "baseline",
                "article",
                "eu-central-1",
                "email",
                "a@example.com",
                "high",
            ),
            *(
                "single",
                "none",
                "rate(1 day)",
                "C:\\a",
                "{region}",
                "{",
                "arn:aws:sns:{region}:{account_id}:x",
            ),
            *(111111111111, 365, 0, -1, True, False, None),
        ]
    )
    | st.text(max_size=8)
    | st.integers(-5, 10**13)
)
_DATA = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
_ACCOUNT = st.dictionaries(_NAMES, _DATA, max_size=4).map(lambda data: {"id": 111111111111, **data})
_FILES = st.fixed_dictionaries(
    {"accounts": st.dictionaries(st.sampled_from(["a", "b", "B"]), _ACCOUNT | _DATA, max_size=2) | _DATA},
    optional={"defaults": st.dictionaries(_NAMES, _DATA, max_size=4), "name": _SCALARS},
)


@given(_FILES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_data_makes_a_traceback(tmp_path: Path, data: dict[str, Any]) -> None:
    path = tmp_path / "deployment.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    _outcome(path)


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_damage_to_the_example_makes_a_traceback(tmp_path: Path, rng: random.Random, times: int) -> None:
    text = EXAMPLE
    for _ in range(times):
        start = rng.randrange(len(text))
        end = min(len(text), start + rng.choice([0, 0, 1, 5, 40]))
        put = rng.choice(
            ["", " ", "\n", "x", ":", "- ", "&a ", "*a", "{", "]", "'", "\t", text[end : end + 20]]
        )
        text = text[:start] + put + text[end:]
    path = tmp_path / "deployment.yaml"
    path.write_text(text, encoding="utf-8")
    _outcome(path)


@pytest.mark.parametrize("name", [name for name in _SETTINGS if name != "regions"])
@pytest.mark.parametrize("value", ["[[[x]]]", "{x: {y: z}}", "-1"])
def test_a_setting_with_a_value_that_makes_no_sense_is_placed_in_its_line(
    problems_of_account: Problems, name: str, value: str
) -> None:
    problems = problems_of_account(f"{name}: {value}")
    assert problems
    assert all(problem.startswith(f"10: {name}") for problem in problems)


def test_aliases_do_not_multiply_problems(problems_of: Callable[[str], list[str]]) -> None:
    keys = ", ".join(f"k{number}: x" for number in range(100))
    events = ", ".join(f"z{number}: *wrong" for number in range(100))
    problems = problems_of(
        f"{EXAMPLE}  many: &wrong {{{keys}}}\n  more: {{id: 444444444444, events: {{{events}}}}}\n"
    )
    assert len(problems) < 150
    assert any(problem.endswith("accounts.more: has more problems than these 50") for problem in problems)


def test_of_very_many_problems_the_first_and_their_number_are_printed() -> None:
    error = DeploymentError(Problem((), f"problem {number}") for number in range(1_500))
    assert len(error.problems) == 1_500
    assert str(error).splitlines()[-2:] == ["problem 999", "and 500 more problems"]
