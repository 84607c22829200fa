"""Which events log alarms find, and which correlations run."""

from collections.abc import Callable

from catalog.model.security_event import Severity
from deployment import RegionPlan

Problems = Callable[[str], list[str]]
Region = Callable[[str], RegionPlan]


def engines(region: RegionPlan) -> dict[str, str]:
    return {e.key: "log" if e.key in region.log_engine else "metric" for e in region.events}


def test_metric_filters_count_by_default(region_of_account: Region) -> None:
    assert set(engines(region_of_account("packs: [article]")).values()) == {"metric"}


def test_an_account_chooses_the_log_engine(region_of_account: Region) -> None:
    assert set(engines(region_of_account("engine: log")).values()) == {"log"}


def test_the_engine_of_an_event_wins_over_its_packs_and_the_accounts(region_of_account: Region) -> None:
    found = engines(
        region_of_account(
            "packs: [article]\nengine: metric\npack_engines: {article: log}\n"
            "events: {user-account-created: {engine: metric}}"
        )
    )
    assert found.pop("user-account-created") == "metric"
    assert set(found.values()) == {"log"}


def test_five_packs_need_the_log_engine_for_one_of_them(
    problems_of_account: Problems, region_of_account: Region
) -> None:
    packs = (
        "packs: [baseline, domain-controller, ransomware-precursors, privileged-access, "
        "certificate-services]\nwatched_paths: []\n"
    )
    (problem,) = problems_of_account(packs)
    assert "metric filters on the log group of Security: CloudWatch Logs takes 100; " in problem
    assert "set 'engine: log' for the account" in problem
    assert region_of_account(f"{packs}engine: log").log_events
    mixed = region_of_account(f"{packs}pack_engines: {{certificate-services: log, domain-controller: log}}")
    assert mixed.log_events
    assert mixed.metric_events


def test_contributors_need_the_log_engine(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("events: {user-account-created: {contributors: [Computer]}}")
    assert problem.endswith("a metric alarm has no contributors: add 'engine: log'")


def test_a_contributor_that_the_records_lack_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "engine: log\nevents: {user-account-created: {contributors: [IpAddres]}}"
    )
    assert "event 4720 has no field IpAddres" in problem


def test_a_composite_alarm_over_a_log_alarm_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "engine: log\ncomposite_alarms: {churn: {title: Churn, any_of: [user-account-created]}}"
    )
    assert "AWS does not document that a composite alarm takes one: set 'engine: metric'" in problem
    assert not problems_of_account(
        "engine: log\nevents: {user-account-created: {engine: metric}}\n"
        "composite_alarms: {churn: {title: Churn, any_of: [user-account-created]}}"
    )


def test_an_alarm_to_import_needs_the_metric_engine(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("engine: log\nadopt: {alarms: {user-account-created: Account made}}")
    assert problem.endswith("set 'engine: metric' for it, or leave it out")


def test_a_correlation_runs_where_it_is_named(region_of_account: Region) -> None:
    assert region_of_account("packs: [article]").correlations == ()
    (found,) = region_of_account("correlations: {password-spraying: {}}").correlations
    assert found.key == "password-spraying"


def test_a_correlation_is_tuned(region_of_account: Region) -> None:
    (found,) = region_of_account(
        "correlations: {password-spraying: {threshold: 30, timespan: 1200, severity: critical, "
        "left_out: {IpAddress: [10.0.0.5]}}}"
    ).correlations
    assert (found.threshold, found.timespan, found.severity) == (30, 1200, Severity.CRITICAL)
    assert found.left_out["IpAddress"][-1] == "10.0.0.5"
    assert "127.0.0.1" in found.left_out["IpAddress"]


def test_an_unknown_correlation_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("correlations: {password-sprayin: {}}")
    assert problem.endswith("no such correlation; did you mean password-spraying?")


def test_a_threshold_where_nothing_is_counted_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("correlations: {password-guessed: {threshold: 3}}")
    assert problem.startswith("10: correlations.password-guessed.threshold: ")


def test_the_records_of_a_correlation_are_written_and_shipped(region_of_account: Region) -> None:
    region = region_of_account(
        "packs: []\nwatched_paths: []\ncorrelations: {password-spraying: {}}\n"
        "events: {user-account-created: {enabled: true}}"
    )
    assert {4625, 4771} <= {event.event_id for event in region.collected_events}
    assert {event.event_id for event in region.events} == {4720}


def test_the_engine_of_a_pack_that_is_not_chosen_has_no_effect(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("packs: [article]\npack_engines: {baseline: log}")
    assert problem == ("11: pack_engines.baseline: has no effect: the pack is none of those chosen (article)")


def test_an_account_may_run_correlations_alone(region_of_account: Region) -> None:
    region = region_of_account("packs: []\nwatched_paths: []\ncorrelations: {password-guessed: {}}")
    assert (region.events, len(region.correlations)) == ((), 1)
    assert list(region.log_groups) == ["Security"]
