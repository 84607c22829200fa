from collections.abc import Callable

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
