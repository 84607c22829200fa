from collections.abc import Callable
from dataclasses import replace

import pytest

from catalog import EVENTS, Field, Pack, SecurityEvent, event
from catalog.model.condition import Operator
from deployment import Account, Deployment, DeploymentError, EventOverride, RegionPlan, resolve

Problems = Callable[[str], list[str]]
Regions = Callable[[str], tuple[RegionPlan, ...]]

HEAD = """\
defaults:
  regions: [eu-central-1]
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
  a:
    id: 111111111111
"""
OWN = """\
own_events:
- {key: KEY, event_id: 4625, title: x, severity: low, runbook: x, audit: Logon, outcome: failure,
   where: {WHERE}, PACKS}
"""


def own(key: str = "payroll-logon-failed", where: str = "TargetUserName: payroll", packs: str = "") -> str:
    return OWN.replace("KEY", key).replace("WHERE", where).replace(", PACKS", packs and f", packs: [{packs}]")


def keys(region: RegionPlan) -> set[str]:
    return {event.key for event in region.events}


def test_an_own_event_is_watched_in_every_account_after_the_catalogs(regions_of: Regions) -> None:
    regions = regions_of(own() + HEAD + "  b: {id: 222222222222, packs: []}\n")
    for region in regions:
        assert region.events[-1].key == "payroll-logon-failed"


def test_an_account_can_disable_an_own_event(regions_of: Regions) -> None:
    text = own() + HEAD + "    events: {payroll-logon-failed: {enabled: false}}\n"
    (region,) = regions_of(text)
    assert "payroll-logon-failed" not in keys(region)


def test_an_own_event_of_a_pack_is_watched_where_the_pack_is(regions_of: Regions) -> None:
    text = own(packs="domain-controller") + HEAD + "  b: {id: 222222222222, packs: [domain-controller]}\n"
    assert ["payroll-logon-failed" in keys(region) for region in regions_of(text)] == [False, True]


def test_defaults_and_accounts_tune_an_own_event(regions_of: Regions) -> None:
    text = (own() + HEAD + "    events: {payroll-logon-failed: {threshold: 5}}\n").replace(
        "  packs", "  events: {payroll-logon-failed: {severity: critical}}\n  packs"
    )
    event = regions_of(text)[0].events[-1]
    assert event.alarm
    assert (event.alarm.threshold, event.severity.value) == (5, "critical")


def test_a_composite_alarm_takes_an_own_event(regions_of: Regions) -> None:
    composite = "    composite_alarms: {x: {title: x, all_of: [payroll-logon-failed]}}\n"
    events = "    events: {payroll-logon-failed: {alarm: true}}\n"
    assert regions_of(own() + HEAD + composite + events)


def test_a_composite_alarm_over_an_own_signal_is_refused(problems_of: Problems) -> None:
    composite = "    composite_alarms: {x: {title: x, all_of: [payroll-logon-failed]}}\n"
    assert problems_of(own() + HEAD + composite) == [
        "deployment.yaml:11: accounts.a.composite_alarms.x.all_of[0]: payroll-logon-failed has no alarm in "
        "a: the composite alarm could not name it; 'x: null' leaves it out there"
    ]


def test_a_key_that_nobody_has_is_refused_with_the_nearest_own_or_of_the_catalog(
    problems_of: Problems,
) -> None:
    text = (
        own()
        + HEAD.replace("  packs", "  events: {logon-failed-netwrok: {threshold: 5}}\n  packs")
        + "    events: {payrol-logon-failed: {threshold: 5}, zzz: {}}\n"
        + "    composite_alarms: {x: {title: x, any_of: [payroll-logon-faild]}}\n"
    )
    assert problems_of(text) == [
        "deployment.yaml:6: defaults.events.logon-failed-netwrok: no such event; did you mean "
        "logon-failed-network?",
        "deployment.yaml:12: accounts.a.events.payrol-logon-failed: no such event; did you mean "
        "payroll-logon-failed?",
        "deployment.yaml:12: accounts.a.events.zzz: no such event; see python -m catalog list",
        "deployment.yaml:13: accounts.a.composite_alarms.x.any_of[0]: no such event; did you mean "
        "payroll-logon-failed?",
    ]


def test_a_key_of_the_catalog_is_refused(problems_of: Problems) -> None:
    assert problems_of(own("logon-failed-network") + HEAD) == [
        "deployment.yaml:2: own_events[0].key: the catalog has an event logon-failed-network: take another "
        "key"
    ]


def test_a_pattern_of_the_catalog_is_refused(problems_of: Problems) -> None:
    assert problems_of(own(where="LogonType: 3") + HEAD) == [
        'deployment.yaml:3: own_events[0].where: "<EventID>4625</EventID>" '
        "\"<Data Name='LogonType'>3</Data>\" finds records of Security for logon-failed-network already; "
        "add a condition, or drop one of the events"
    ]


def test_two_own_events_with_one_metric_are_refused() -> None:
    base = replace(event("logon-failed-network"), packs=(), overlaps=())
    first = replace(base, key="first", where=(Field("TargetUserName") == "a",))
    second = replace(base, key="second", where=(Field("TargetUserName") == "b",))
    problems = resolve_problems(first, second)
    assert problems == [
        f"own_events[{index}].metric_name: Windows-Logon-Fail is the metric of logon-failed-network already; "
        "rename one of them"
        for index in (0, 1)
    ]


def test_a_subcategory_that_does_not_write_the_event_is_refused(problems_of: Problems) -> None:
    assert problems_of(own().replace("audit: Logon", "audit: Logoff") + HEAD) == [
        "deployment.yaml:2: own_events[0].audit: Logoff does not write event 4625; take ACCOUNT_LOCKOUT or "
        "LOGON"
    ]


def test_in_python_a_key_that_nobody_has_is_refused_when_it_is_resolved() -> None:
    account = Account(
        id="111111111111", regions=("eu-central-1",), events={"logon-failed-netwrok": EventOverride()}
    )
    with pytest.raises(DeploymentError) as refused:
        resolve(Deployment(accounts={"a": account}))
    assert str(refused.value.problems[0]) == (
        "accounts.a.events.logon-failed-netwrok: no such event; did you mean logon-failed-network?"
    )


def test_in_python_a_file_is_not_silently_left_unread() -> None:
    account = Account(id="111111111111", regions=("eu-central-1",))
    with pytest.raises(DeploymentError) as refused:
        resolve(Deployment(own_events_file="x.py", accounts={"a": account}))
    assert "own_events_file: is read beside a deployment file only" in str(refused.value)


def test_every_event_of_the_catalog_could_be_an_own_one_under_another_name() -> None:
    """The checks ask for nothing that the catalog does not give."""
    own = tuple(
        replace(
            each,
            key=f"own-{each.key}",
            event_id=60_000 + number,
            # Of an unknown id no end is tied to its field: `$` would exclude the share's name as well.
            where=tuple(c for c in each.where if c.operator is not Operator.NOT_ENDS_WITH),
            published_metric_name="",
            packs=(Pack.ARTICLE,),
        )
        for number, each in enumerate(EVENTS)
    )
    assert resolve_problems(*own) == []


def resolve_problems(*own: SecurityEvent) -> list[str]:
    """Return what is wrong with own events, in the words of the places."""
    from deployment.checks.own_events import of_records

    account = Account(id="111111111111", regions=("eu-central-1",))
    return [str(problem) for problem in of_records(Deployment(own_events=own, accounts={"a": account}))]


@pytest.mark.parametrize(
    ("where", "problem"),
    [
        ("SubStatus: '0xC0000072'", 'no record has "0xC0000072" in SubStatus: Windows writes "0xc0000072"'),
        ("LogonProcessName: {not: Advapi}", 'Windows writes "Advapi  "'),
        ("TargetUserName: '*$'", 'write {ends_with: "$"}'),
        (
            "TargetUserName: 'EXAMPLE\\sato'",
            "TargetUserName holds the user alone, without a domain: write sato",
        ),
    ],
)
def test_a_value_that_no_record_has_is_refused_at_its_line(
    problems_of: Problems, where: str, problem: str
) -> None:
    (found,) = problems_of(own(where=where) + HEAD)
    assert ":3: own_events[0].where." in found
    assert problem in found


def test_a_provider_that_windows_spells_otherwise_is_refused(problems_of: Problems) -> None:
    text = own(where="").replace(
        "audit: Logon, outcome: failure", "provider: {name: Netlogon, channel: System}"
    )
    (found,) = problems_of(text + HEAD)
    assert "own_events[0].provider.name: no record has this name: Windows writes NETLOGON" in found


UNNAMED = """\
own_events:
- {key: contoso-login-failed, event_id: 4711, title: x, severity: low, runbook: x, where: {Data: sa},
   provider: {name: Contoso-Audit, channel: Application, CLASSIC}}
"""


def test_a_condition_on_data_asks_whether_the_data_has_a_name(problems_of: Problems) -> None:
    (problem,) = problems_of(UNNAMED.replace(", CLASSIC", "") + HEAD)
    assert "own_events[0].where.Data: looks for <Data Name='Data'>: add 'classic: true'" in problem


def test_a_condition_on_data_of_a_classic_provider_finds_data_without_a_name(regions_of: Regions) -> None:
    (region,) = regions_of(UNNAMED.replace("CLASSIC", "classic: true") + HEAD)
    assert '"<Data>sa</Data>"' in region.events[-1].patterns[0]
