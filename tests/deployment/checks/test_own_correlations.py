import json
from collections.abc import Callable
from datetime import datetime, timedelta

from catalog.samples.windows_event import windows_event
from deployment import RegionPlan

Problems = Callable[[str], list[str]]
Regions = Callable[[str], tuple[RegionPlan, ...]]
HEAD = """\
defaults:
  regions: [eu-central-1]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
  a:
    id: 111111111111
"""
OWN = """\
own_correlations:
- key: KEY
  type: event_count
  title: Many accounts created
  severity: high
  runbook: See who did.
  group_by: [Computer, FIELD]
  timespan: 600
  threshold: 5
  records: [{step: created, event_id: 4720, AUDIT}]
"""


def own(
    key: str = "payroll-accounts",
    field: str = "SubjectUserName",
    audit: str = "audit: User Account Management",
) -> str:
    return OWN.replace("KEY", key).replace("FIELD", field).replace("AUDIT", audit)


def test_an_own_correlation_runs_in_every_account(regions_of: Regions) -> None:
    (region,) = regions_of(own() + HEAD)
    assert [each.key for each in region.correlations] == ["payroll-accounts"]


def test_an_account_can_take_an_own_correlation_away(regions_of: Regions) -> None:
    (region,) = regions_of(own() + HEAD + "    correlations: {payroll-accounts: null}\n")
    assert region.correlations == ()


def test_a_record_can_be_that_of_an_event_of_the_catalog(regions_of: Regions) -> None:
    text = own().replace("event_id: 4720, audit: User Account Management", "event: user-account-created")
    assert regions_of(text + HEAD) != ()
    (record,) = regions_of(text + HEAD)[0].correlations[0].records
    assert record.event_id == 4720


def test_a_field_that_the_records_lack_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(own(field="SubjectUserNam") + HEAD)
    assert problem.startswith("deployment.yaml:10: own_correlations[0].records[0]: ")
    assert "event 4720 has no field SubjectUserNam; did you mean SubjectUserName?" in problem


def test_a_record_that_windows_writes_only_with_another_audit_subcategory_is_refused(
    problems_of: Problems,
) -> None:
    (problem,) = problems_of(own(audit="audit: Logon") + HEAD)
    assert "written with the audit subcategory User Account Management: give it as audit" in problem


def test_the_key_of_the_catalog_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(own(key="password-spraying") + HEAD)
    assert "the catalog has a correlation password-spraying: take another key" in problem


def test_what_could_never_fire_is_refused_where_it_stands(problems_of: Problems) -> None:
    problems = problems_of(own().replace("event_count", "temporal") + HEAD)
    assert [problem.partition(": ")[2] for problem in problems] == [
        "own_correlations[0].threshold: temporal has a minimum for each step, and no threshold",
        "own_correlations[0].records: temporal needs two steps or more",
    ]


def created(number: int, seconds: int = 10, by: str = "helpdesk") -> str:
    """Return records of new accounts, one after another, in the style of YAML's flow."""
    record = windows_event(4720, {"SubjectUserName": by}).replace("23:12:37.349476100", "10:00:00")
    times = [datetime(2026, 5, 5, 10) + timedelta(seconds=seconds * each) for each in range(number)]
    return json.dumps([record.replace("2026-05-05T10:00:00", time.isoformat()) for time in times])


def sampled(**samples: str) -> str:
    """Return an own correlation that has these samples."""
    return own() + "".join(f"  {name}: [{sequence}]\n" for name, sequence in samples.items()) + HEAD


def test_samples_that_it_finds_and_near_misses_that_it_does_not_are_accepted(problems_of: Problems) -> None:
    assert problems_of(sampled(samples=created(5), near_misses=created(4))) == []


def test_a_sample_with_too_few_records_is_refused(problems_of: Problems) -> None:
    assert problems_of(sampled(samples=created(4))) == [
        "deployment.yaml:11: own_correlations[0].samples[0]: the correlation does not find this sample: "
        "at most 4 records share Computer, SubjectUserName; the threshold is 5"
    ]


def test_a_sample_whose_records_lie_too_far_apart_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(sampled(samples=created(5, seconds=151)))
    assert "its records lie further apart than the time span of 600 seconds" in problem


def test_a_sample_of_other_records_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(sampled(samples=created(5).replace("4720", "4722")))
    assert "it looks at none of its records" in problem


def test_a_near_miss_that_it_finds_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(sampled(near_misses=created(5)))
    assert problem.endswith("near_misses[0]: the correlation finds this near miss: its records are an alarm")


def test_a_sample_in_double_quotes_is_refused(problems_of: Problems) -> None:
    quoted = json.dumps([json.loads(created(1))[0].replace("'", '"')])
    (problem,) = problems_of(sampled(samples=quoted))
    assert "the agent ships attributes in single quotes" in problem


def test_a_sample_without_a_time_is_refused(problems_of: Problems) -> None:
    (problem,) = problems_of(sampled(samples=created(1).replace("TimeCreated", "TimeWritten")))
    assert "its System has Provider, EventID and TimeCreated" in problem


def test_values_that_are_too_few_are_refused_with_their_number(problems_of: Problems) -> None:
    text = sampled(samples=created(5)).replace("event_count", "value_count\n  counted: TargetUserName")
    (problem,) = problems_of(text)
    assert "at most 1 value of TargetUserName share Computer, SubjectUserName; the threshold is 5" in problem


ORDERED = """\
own_correlations:
- key: account-made-administrator
  type: temporal_ordered
  title: Account made administrator
  severity: high
  runbook: See who did.
  group_by: [Computer]
  timespan: 600
  records: [{step: created, event: user-account-created}, {step: deleted, event: user-account-deleted}]
"""


def test_a_step_that_a_sample_lacks_is_named(problems_of: Problems) -> None:
    (problem,) = problems_of(ORDERED + f"  samples: [{created(2)}]\n" + HEAD)
    assert "of the records that share Computer there are 0 of 1 of the step deleted" in problem


def test_a_sample_in_the_wrong_order_is_refused(problems_of: Problems) -> None:
    first, second = json.loads(created(2))
    sequence = json.dumps([first.replace("4720", "4726"), second])
    (problem,) = problems_of(ORDERED + f"  samples: [{sequence}]\n" + HEAD)
    assert "no record of the step deleted comes after one of each step before it" in problem
