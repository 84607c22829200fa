"""Which alarms of a deployment can fire at all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog.events import event
from catalog.events.object_access import object_handle_requested
from deployment import RegionPlan, load, resolve
from deployment.reports.coverage import CoveredEvent, coverage, notices
from tests.modules.synthesis import monitored_region

Region = Callable[[str], RegionPlan]

NOT_APPLIED = "associations: {apply_audit_policy: {enabled: false}}\n"
ROOT = Path(__file__).resolve().parents[3]


def only(*keys: str) -> str:
    """Return settings by which these events are watched and no others."""
    events = ", ".join(f"{key}: {{enabled: true}}" for key in keys)
    return f"packs: []\nwatched_paths: []\nevents: {{{events}}}\n"


def test_every_alarm_of_the_example_deployment_can_fire() -> None:
    regions = resolve(load(ROOT / "deployment.yaml"))
    never_firing = {each.stack: [e.key for e in each.never_firing] for each in map(coverage, regions)}
    assert never_firing == {region.stack_name: [] for region in regions}


def test_coverage_reports_how_far_an_event_gets(region_of_account: Region) -> None:
    (covered,) = coverage(region_of_account(only("user-account-created"))).events
    assert covered == CoveredEvent(
        key="user-account-created",
        event_id=4720,
        subcategory="User Account Management",
        on_by_default="yes",
        set_by_us=True,
        shipped="event_ids",
        filters=1,
        alarm="1 in 5 min",
        notifies=("windows-security-medium",),
        never_rings=None,
    )


def test_a_no_data_alarm_on_another_log_than_security_is_noted(
    region_of_account: Region,
) -> None:
    of_system = coverage(region_of_account(only("service-installed"))).notes
    assert any(note.startswith("the no-data alarm watches System") for note in of_system)
    assert not any("no-data" in note for note in coverage(region_of_account("")).notes)


def test_a_no_data_alarm_over_rare_events_alone_is_a_notice_at_each_synth(region_of_account: Region) -> None:
    region = region_of_account(only("user-account-locked-out"))
    (notice,) = notices(region)
    assert "of the chosen events of Security, a busy server writes about 1 a day, and 1 h without" in notice
    assert notice in coverage(region).notes


@pytest.mark.parametrize(
    "settings",
    [
        "",
        only("user-account-locked-out", "logon-succeeded-network"),
        only("user-account-locked-out") + "collection: levels\n",
        only("user-account-locked-out") + "silence_alarm: {enabled: false}\n",
        "packs: [system-integrity]\nwatched_paths: []\nsilence_alarm: {period: 86400}\n",
    ],
)
def test_a_no_data_alarm_over_frequent_events_is_no_notice(settings: str, region_of_account: Region) -> None:
    assert list(notices(region_of_account(settings))) == []


def test_an_alarm_whose_audit_is_not_switched_on_never_fires(region_of_account: Region) -> None:
    settings = only("scheduled-task-created", "user-account-created")
    covered = coverage(region_of_account(settings + NOT_APPLIED))
    (never,) = covered.never_firing
    assert never.key == "scheduled-task-created"
    assert never.never_rings is not None
    assert "no server writes the success audits of Other Object Access Events by default" in never.never_rings
    assert "set associations.apply_audit_policy.enabled to true" in never.never_rings
    assert coverage(region_of_account(settings)).never_firing == ()


def test_a_policy_that_is_only_reported_switches_nothing_on(region_of_account: Region) -> None:
    covered = coverage(region_of_account(only("scheduled-task-created") + "audit_policy: {mode: report}\n"))
    assert [event.key for event in covered.never_firing] == ["scheduled-task-created"]
    assert [event.set_by_us for event in covered.events] == [False]


@pytest.mark.parametrize("key", ["security-log-cleared", "service-installed"])
def test_what_windows_always_writes_needs_no_policy(region_of_account: Region, key: str) -> None:
    covered = coverage(region_of_account(only(key) + NOT_APPLIED))
    assert covered.never_firing == ()
    assert (covered.events[0].subcategory, covered.events[0].on_by_default) == (None, "always")


def test_an_alarm_that_sees_half_of_its_records_by_default_fires_but_is_noted(
    region_of_account: Region,
) -> None:
    covered = coverage(region_of_account(only("user-password-reset-attempted") + NOT_APPLIED))
    assert covered.never_firing == ()
    assert covered.events[0].on_by_default == "partly"
    assert [
        note for note in covered.notes if "in part only" in note and "user-password-reset-attempted" in note
    ]


def test_a_metric_only_event_that_is_not_written_is_no_alarm_that_never_fires(
    region_of_account: Region,
) -> None:
    covered = coverage(region_of_account(only("process-created") + NOT_APPLIED))
    assert (covered.events[0].alarm, covered.events[0].on_by_default, covered.never_firing) == (
        None,
        "no",
        (),
    )


def test_an_alarm_on_a_path_that_can_carry_no_audit_entry_never_fires(region_of_account: Region) -> None:
    # In a deployment file such a path is refused; a record of one's own may name it.
    region = region_of_account("")
    drive = coverage(replace(region, events=(object_handle_requested(r"D:\Payroll\x.txt"),)))
    server = coverage(replace(region, events=(object_handle_requested(r"\\server\share\x.txt"),)))
    assert drive.never_firing == ()
    assert len(server.never_firing) == 1
    assert "needs an audit entry (SACL)" in str(server)


def test_an_event_without_a_path_fires_where_another_of_its_kind_watches_one(
    region_of_account: Region,
) -> None:
    region = region_of_account("")
    alone = replace(region, events=(event("object-deleted"),))
    assert [e.key for e in coverage(alone).never_firing] == ["object-deleted"]

    on_registry = replace(region, events=(event("object-deleted"), event("registry-value-changed")))
    assert [e.key for e in coverage(on_registry).never_firing] == ["object-deleted"]

    watched = replace(region, events=(event("object-deleted"), object_handle_requested("D:\\Payroll\\")))
    assert coverage(watched).never_firing == ()
    assert any("D:\\Payroll" in note and "absent" in note for note in coverage(watched).notes)


def test_whole_channels_and_an_agent_configured_elsewhere_are_reported(region_of_account: Region) -> None:
    levels = coverage(region_of_account(only("user-account-created") + "collection: levels\n"))
    elsewhere = coverage(
        region_of_account(
            only("user-account-created")
            + "associations: {configure_agent: {enabled: false}, install_agent: {enabled: false}}\n"
        )
    )
    assert levels.events[0].shipped == "levels"
    assert elsewhere.events[0].shipped is None
    assert [note for note in elsewhere.notes if "configure_agent is off" in note]
    assert [note for note in elsewhere.notes if "must be 1.300059.0 or later" in note]


def test_own_actions_and_unnotified_severities_are_shown_apart(region_of_account: Region) -> None:
    arn = "arn:aws:sns:eu-central-1:111111111111:on-call"
    with_actions = coverage(
        region_of_account(
            "packs: []\nwatched_paths: []\n"
            f"events: {{user-account-created: {{enabled: true, actions: ['{arn}']}}}}\n"
        )
    )
    unnotified = coverage(
        region_of_account(only("user-account-created") + "notifications: {unnotified: [medium]}\n")
    )
    assert with_actions.events[0].notifies == (arn,)
    assert unnotified.events[0].notifies == ()
    assert [note for note in unnotified.notes if "on purpose" in note and "user-account-created" in note]


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("domain-admins-member-added", "are written by domain controllers only: domain-admins-member-added"),
        ("domain-permissions-changed", "need audit entries (SACL) on the directory's objects"),
        ("certification-authority-backed-up", "are written by certification authorities only"),
    ],
)
def test_what_only_some_servers_write_is_noted(region_of_account: Region, key: str, note: str) -> None:
    assert [each for each in coverage(region_of_account(only(key))).notes if note in each]


def test_the_text_has_a_row_for_each_event_and_a_line_for_each_alarm_that_never_fires(
    region_of_account: Region,
) -> None:
    settings = only("scheduled-task-created", "user-account-created") + NOT_APPLIED
    lines = str(coverage(region_of_account(settings))).splitlines()
    assert lines[0] == "a-eu-central-1 (111111111111)"
    assert lines[1].split()[:3] == ["EVENT", "ID", "SUBCATEGORY"]
    assert [line.split()[0] for line in lines[2:4]] == ["user-account-created", "scheduled-task-created"]
    assert "NEVER FIRES" in lines[3]
    assert lines[4].startswith("never fires: scheduled-task-created: ")


def test_an_additional_alarm_is_listed_after_its_event_and_needs_no_filter(region_of_account: Region) -> None:
    text = "{enabled: true, variants: {slow: {threshold: 100, period: 86400, severity: critical}}}"
    settings = f"packs: []\nwatched_paths: []\nevents: {{user-account-created: {text}}}\n"
    event, slow = coverage(region_of_account(settings)).events
    assert (event.key, event.filters, event.alarm) == ("user-account-created", 1, "1 in 5 min")
    assert (slow.key, slow.filters, slow.alarm) == ("user-account-created.slow", 0, "100 in 1 d")
    assert slow.notifies == ("windows-security-critical",)
    assert (slow.event_id, slow.subcategory) == (event.event_id, event.subcategory)


def test_an_own_event_that_no_policy_switches_on_never_fires(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    (region,) = regions_of(
        """\
        own_events:
        - {key: task-of-payroll, event_id: 4698, title: x, severity: low, runbook: x, alarm: {},
           where: {SubjectUserName: payroll}, audit: Other Object Access Events}
        accounts:
          a:
            id: 111111111111
            regions: [eu-central-1]
            packs: []
            associations: {apply_audit_policy: {enabled: false}}
            notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        """
    )
    assert [event.key for event in coverage(region).never_firing] == ["task-of-payroll"]


def test_a_condition_that_is_wider_than_its_field_is_noted(region_of_account: Region) -> None:
    wider = "compare a value that another field of the record may hold as well (ends_with, contains): "
    notes = coverage(
        region_of_account(only("directory-secrets-replicated", "domain-admins-member-added"))
    ).notes
    assert f"{wider}directory-secrets-replicated (Properties)" in notes
    exact = coverage(region_of_account(only("domain-admins-member-added"))).notes
    assert not any(note.startswith(wider) for note in exact)


OWN_COMMAND_LINE = """\
own_events:
- {key: payroll-exported, event_id: 4688, title: x, severity: high, runbook: x, alarm: {},
   audit: Process Creation, where: {CommandLine: {contains: payroll-export}}}
defaults:
  regions: [eu-central-1]
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
  audit_policy: {AUDIT}
accounts:
  a: {id: 111111111111}
"""


@pytest.mark.parametrize(
    ("audit", "fires"),
    [("", False), ("command_lines: true", True), ("command_lines: true, mode: report", False)],
)
def test_an_event_on_command_lines_fires_where_they_are_written(
    regions_of: Callable[[str], tuple[RegionPlan, ...]], audit: str, fires: bool
) -> None:
    (region,) = regions_of(OWN_COMMAND_LINE.replace("AUDIT", audit))
    covered = coverage(region).events[-1]
    assert covered.key == "payroll-exported"
    assert covered.prerequisites == ("command lines in process creation events",)
    if fires:
        assert covered.never_rings is None
    else:
        assert "audit" in str(covered.never_rings)


def test_the_advice_on_command_lines_names_the_setting(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    (region,) = regions_of(OWN_COMMAND_LINE.replace("AUDIT", ""))
    assert "set audit_policy.command_lines to true" in str(coverage(region).events[-1].never_rings)


def test_a_metric_only_event_that_is_never_written_is_noted(region_of_account: Region) -> None:
    settings = only("debug-privilege-used")
    note = "are never written, since audit_policy does not set what they need"
    assert any(n.startswith(note) for n in coverage(region_of_account(settings)).notes)
    applied = settings + "audit_policy: {full_privilege_auditing: true}\n"
    assert not any(n.startswith(note) for n in coverage(region_of_account(applied)).notes)


def test_certification_authorities_are_audited_where_their_filter_is_set(
    region_of_account: Region,
) -> None:
    settings = only("certificate-template-changed")
    assert [e.key for e in coverage(region_of_account(settings)).never_firing] == [
        "certificate-template-changed"
    ]
    applied = settings + "audit_policy: {ca_audit_filter: true}\n"
    assert coverage(region_of_account(applied)).never_firing == ()


def test_an_event_with_the_log_engine_has_no_filter() -> None:
    region = monitored_region(packs=["article"], events={"user-account-created": {"engine": "log"}})
    found = {each.key: each for each in coverage(region).events}
    assert (found["user-account-created"].engine, found["user-account-created"].filters) == ("log", 0)
    assert (found["user-account-deleted"].engine, found["user-account-deleted"].filters) == ("metric", 1)


def test_a_correlation_whose_records_no_server_writes_never_fires() -> None:
    keys = ("many-shares-touched", "password-guessed", "log-cleared-after-installation")
    correlations: Any = {key: {} for key in keys}
    off = {"apply_audit_policy": {"enabled": False}}
    covered = coverage(
        monitored_region(packs=["article"], correlations=correlations, associations=off, events={})
    )
    # Of the installations a service's own event is always written, and of the shares nothing is.
    assert [each.key for each in covered.correlations if each.never_fires] == ["many-shares-touched"]
    assert not covered.is_complete
    assert "never fires: many-shares-touched: " in str(covered)
    assert coverage(monitored_region(packs=["article"], correlations=correlations)).is_complete


def test_more_log_alarms_than_queries_at_one_time_are_worth_a_notice() -> None:
    packs = ["baseline", "domain-controller", "ransomware-precursors", "privileged-access"]
    notice = "at one time"
    many = monitored_region(packs=packs, engine="log")
    few = monitored_region(packs=packs, engine="log", log_alarms={"layout": "severity"})
    assert any(notice in each and "layout: severity" in each for each in notices(many))
    assert not any(notice in each for each in notices(few))


@pytest.mark.parametrize(("collection", "verb"), [("event_ids", "would save"), ("matching", "saves")])
def test_the_saving_of_matching_is_noted(region_of_account: Region, collection: str, verb: str) -> None:
    region = region_of_account(
        only("logon-succeeded-guest") + f"collection: {collection}\nregions: [ap-northeast-1]\n"
    )
    (note,) = [note for note in coverage(region).notes if "dollars" in note]
    # 20,000 records of 3,000 bytes on 30 days are 1.8 GB, at 0.76 dollars.
    assert note == (
        f"'collection: matching' {verb} about 1.37 dollars a month for each busy server that writes all "
        "these events: 1 records a day in place of 20,000"
    )


def test_matching_that_saves_next_to_nothing_is_not_noted(region_of_account: Region) -> None:
    notes = coverage(region_of_account(only("user-account-locked-out"))).notes
    assert not [note for note in notes if "dollars" in note]
