"""What an override leaves out of an event, and the further alarms that it adds."""

from collections.abc import Callable

import pytest

from catalog import AlarmDefaults, SecurityEvent, Severity, event, matches
from catalog.samples.windows_event import windows_event
from deployment import AdditionalAlarm, RegionPlan

Problems = Callable[[str], list[str]]
Region = Callable[[str], RegionPlan]
Regions = Callable[[str], tuple[RegionPlan, ...]]

DEFAULTS = """\
defaults:
  regions: [eu-central-1]
  packs: [remote-desktop, article]
  watched_paths: ['C:\\Secret\\']
  notifications: {{subscriptions: [{{protocol: email, endpoint: a@example.com}}]}}
  events: {{logon-failed-network: {{{defaults}}}}}
accounts:
  a:
    id: 111111111111
    events: {{logon-failed-network: {{{account}}}}}
"""


def chosen(region: RegionPlan, key: str = "logon-failed-network") -> SecurityEvent:
    return next(e for e in region.events if e.key == key)


def override(text: str, key: str = "logon-failed-network") -> str:
    """Return settings whose override is in line 11 on."""
    return f"events:\n  {key}: {{{text}}}\n"


def failed(**values: str) -> str:
    return windows_event(4625, {"LogonType": "3", **values}, failure=True)


def test_excluded_values_are_left_out_of_the_pattern_whole(region_of_account: Region) -> None:
    tuned = chosen(
        region_of_account(
            override("exclude: {TargetUserName: [svc-backup, healthcheck], IpAddress: 10.0.0.5}")
        )
    )
    (pattern,) = tuned.patterns
    assert pattern == event("logon-failed-network").patterns[0] + (
        " -\"<Data Name='TargetUserName'>svc-backup</Data>\""
        " -\"<Data Name='TargetUserName'>healthcheck</Data>\""
        " -\"<Data Name='IpAddress'>10.0.0.5</Data>\""
    )
    assert matches(pattern, failed(TargetUserName="svc-backup2"))
    assert matches(pattern, failed(TargetUserName="SVC-BACKUP"))
    assert matches(pattern, failed(SubjectUserName="svc-backup"))
    assert matches(pattern, failed(IpAddress="10.0.0.50"))
    assert not matches(pattern, failed(TargetUserName="svc-backup"))
    assert not matches(pattern, failed(TargetUserName="healthcheck"))
    assert not matches(pattern, failed(IpAddress="10.0.0.5"))


def test_nothing_else_of_the_event_changes(region_of_account: Region) -> None:
    tuned = chosen(region_of_account(override("exclude: {IpAddress: 10.0.0.5}")))
    original = event("logon-failed-network")
    assert (tuned.key, tuned.metric_name, tuned.alarm) == (
        original.key,
        original.metric_name,
        original.alarm,
    )


def test_each_alternative_of_an_event_leaves_the_value_out(region_of_account: Region) -> None:
    key = "remote-desktop-users-member-added"
    tuned = chosen(region_of_account(override("enabled: true, exclude: {SubjectUserName: admin}", key)), key)
    for pattern in tuned.patterns:
        assert pattern.endswith("-\"<Data Name='SubjectUserName'>admin</Data>\"")


def test_what_is_excluded_is_merged_field_by_field(regions_of: Regions) -> None:
    (region,) = regions_of(
        DEFAULTS.format(
            defaults="exclude: {TargetUserName: [a], IpAddress: [b], WorkstationName: [c]}",
            account="exclude: {IpAddress: [d], WorkstationName: [], ProcessName: [e]}",
        )
    )
    assert [c.values for c in chosen(region).where[1:]] == [("a",), ("d",), ("e",)]


def test_beginnings_ends_and_pieces_are_excluded(region_of_account: Region) -> None:
    user = "TargetUserName: {equals: scan, starts_with: svc-, ends_with: [$]}"
    text = override(f"exclude: {{{user}, ProcessName: {{contains: Example}}}}")
    (pattern,) = chosen(region_of_account(text)).patterns
    assert matches(pattern, failed(TargetUserName="suzuki"))
    assert matches(pattern, failed(SubjectUserName="WEB-01$"))
    assert not matches(pattern, failed(TargetUserName="scan"))
    assert not matches(pattern, failed(TargetUserName="svc-backup"))
    assert not matches(pattern, failed(TargetUserName="WEB-01$"))
    assert not matches(pattern, failed(ProcessName=r"C:\Example\agent.exe"))


def test_networks_are_excluded_by_the_beginning_of_their_addresses(region_of_account: Region) -> None:
    text = "exclude: {IpAddress: {cidr: [10.0.0.0/8, 192.168.7.0/24, 203.0.113.5/32, '2001:db8::/32']}}"
    (pattern,) = chosen(region_of_account(override(text))).patterns
    for address in ("10.1.2.3", "192.168.7.9", "203.0.113.5", "2001:db8::1"):
        assert not matches(pattern, failed(IpAddress=address)), address
    for address in ("110.1.2.3", "100.1.2.3", "192.168.70.9", "203.0.113.50", "2001:db80::1"):
        assert matches(pattern, failed(IpAddress=address)), address


def test_networks_are_excluded_as_kerberos_writes_addresses(region_of_account: Region) -> None:
    key = "kerberos-wrong-password"
    text = override("enabled: true, exclude: {IpAddress: {cidr: 10.0.0.0/8}}", key)
    (pattern,) = chosen(region_of_account(text), key).patterns
    wrong = {"Status": "0x18", "PreAuthType": "2"}
    assert not matches(pattern, windows_event(4771, {**wrong, "IpAddress": "::ffff:10.0.0.5"}, failure=True))
    assert matches(pattern, windows_event(4771, {**wrong, "IpAddress": "::ffff:192.0.2.5"}, failure=True))


def test_a_value_is_excluded_as_the_event_escapes_it(region_of_account: Region) -> None:
    tuned = chosen(region_of_account(override("exclude: {TargetUserName: 'R&D'}")))
    assert not matches(tuned.patterns[0], failed(TargetUserName="R&D"))


def test_of_a_watched_folder_a_file_can_be_left_out(region_of_account: Region) -> None:
    region = region_of_account(
        "watched_paths: ['C:\\Secret\\']\n"
        "events: {object-handle-requested: {exclude: {ObjectName: 'C:\\Secret\\desktop.ini'}}}"
    )
    (watching,) = (e for e in region.events if e.key.startswith("object-handle-requested"))
    assert matches(watching.patterns[0], windows_event(4656, {"ObjectName": "C:\\Secret\\a.txt"}))
    assert not matches(watching.patterns[0], windows_event(4656, {"ObjectName": "C:\\Secret\\desktop.ini"}))


@pytest.mark.parametrize(
    ("exclude", "problem"),
    [
        (
            "TargetUserNam: svc",
            "TargetUserNam: event 4625 has no field TargetUserNam; did you mean TargetUserName?",
        ),
        (
            "Zzz: svc",
            "Zzz: event 4625 has no field Zzz; it has SubjectUserSid, SubjectUserName, SubjectDomainName, "
            "SubjectLogonId, TargetUserSid, TargetUserName, TargetDomainName, Status, FailureReason, "
            "SubStatus, LogonType, LogonProcessName, AuthenticationPackageName, WorkstationName, "
            "TransmittedServices, LmPackageName, KeyLength, ProcessId, ProcessName, IpAddress, IpPort",
        ),
        (
            "LogonType: [3, 10]",
            "LogonType: its conditions exclude what they ask for: no record could match",
        ),
        (
            "IpAddress: ''",
            "IpAddress: the condition on IpAddress is empty: an empty field has two spellings",
        ),
        (
            r'IpAddress: "a\tb"',
            r"IpAddress: the condition on IpAddress holds '\t': a pattern cannot hold control characters",
        ),
        ("IpAddress: [a, a]", "IpAddress: 'a' is given twice"),
        ("IpAddress: null", "IpAddress: must be text, not nothing"),
        (
            "IpAddress: {a: b}",
            "IpAddress.a: no such setting; there are equals, starts_with, ends_with, contains, cidr",
        ),
        (
            "IpAddress: {}",
            "IpAddress: says nothing: give a value, or one of equals, starts_with, ends_with, ...",
        ),
        (
            "IpAddress: 10.0.0.0/8",
            "IpAddress: 10.0.0.0/8 is a network, and IpAddress is compared as text: write {cidr: 10.0.0.0/8} "
            "in an exclude, elsewhere the beginning of its addresses as starts_with",
        ),
        (
            "IpAddress: {cidr: 172.16.0.0/12}",
            "IpAddress.cidr: 172.16.0.0/12 is no whole number of octets, and addresses are compared as text: "
            "name 172.16.0.0/16 to 172.31.0.0/16, 16 of them, or 172.0.0.0/8, which is wider",
        ),
        (
            "TargetUserName: {cidr: 10.0.0.0/8}",
            "TargetUserName: TargetUserName holds no address: cidr is for fields such as IpAddress",
        ),
        (
            "TargetUserName: 'svc-*'",
            "TargetUserName: svc-* looks like a pattern, and is compared as it stands: "
            'write {starts_with: "svc-"}',
        ),
        (
            "TargetUserName: 'EXAMPLE\\svc'",
            "TargetUserName: EXAMPLE\\svc: TargetUserName holds the user alone, without a domain: write svc",
        ),
        (
            "SubStatus: '0xC0000072'",
            'SubStatus: no record has "0xC0000072" in SubStatus: Windows writes "0xc0000072"',
        ),
    ],
)
def test_an_exclusion_that_could_not_work_is_refused_at_its_field(
    problems_of_account: Problems, exclude: str, problem: str
) -> None:
    assert problems_of_account(override(f"exclude: {{{exclude}}}")) == [
        f"11: events.logon-failed-network.exclude.{problem}"
    ]


def test_the_exclusion_that_makes_the_pattern_too_long_is_told(problems_of_account: Problems) -> None:
    many = ", ".join(f"account-{number:03}" for number in range(20))
    (problem,) = problems_of_account(override(f"exclude: {{IpAddress: [a], TargetUserName: [{many}]}}"))
    assert problem.startswith("11: events.logon-failed-network.exclude.TargetUserName: its pattern has 1")
    assert problem.endswith(" characters, over the 1024 that CloudWatch takes")


def test_an_exclusion_and_an_alarm_that_are_wrong_are_both_told(problems_of_account: Problems) -> None:
    assert len(problems_of_account(override("period: 45, exclude: {Zzz: a}"))) == 2


def test_a_variant_is_the_event_with_an_alarm_of_its_own(region_of_account: Region) -> None:
    region = region_of_account(override("variants: {slow: {threshold: 100, period: 86400}}"))
    (variant,) = region.additional_alarms
    own = chosen(region)
    assert (variant.name, variant.key, variant.actions) == ("slow", "logon-failed-network.slow", ())
    assert variant.event.alarm == AlarmDefaults(threshold=100, period=86_400)
    assert (variant.event.metric_name, variant.event.patterns, variant.event.severity) == (
        own.metric_name,
        own.patterns,
        own.severity,
    )
    assert own == event("logon-failed-network")


def test_what_a_variant_leaves_out_is_as_in_the_tuned_event(region_of_account: Region) -> None:
    region = region_of_account(
        override(
            "period: 60, evaluation_periods: 5, datapoints_to_alarm: 3, severity: low, "
            "exclude: {IpAddress: a}, variants: {more: {threshold: 50}}"
        )
    )
    (variant,) = region.additional_alarms
    assert variant.event.alarm == AlarmDefaults(
        threshold=50, period=60, evaluation_periods=5, datapoints_to_alarm=3
    )
    assert variant.event.severity is Severity.LOW
    assert variant.event.patterns == chosen(region).patterns


def test_variants_are_merged_name_by_name_and_can_be_taken_away(regions_of: Regions) -> None:
    (region,) = regions_of(
        DEFAULTS.format(
            defaults="variants: {slow: {threshold: 100, period: 86400}, fast: {threshold: 5, period: 60}}",
            account="variants: {slow: {threshold: 50}, fast: null, day: {period: 3600}}",
        )
    )
    assert {variant.name: variant.event.alarm for variant in region.additional_alarms} == {
        "slow": AlarmDefaults(threshold=50, period=86_400),
        "day": AlarmDefaults(threshold=10, period=3600),
    }


def test_an_account_that_switches_the_alarm_off_has_no_variants_of_the_defaults(regions_of: Regions) -> None:
    (region,) = regions_of(
        DEFAULTS.format(defaults="variants: {slow: {threshold: 100}}", account="alarm: false")
    )
    assert region.additional_alarms == ()


def test_each_watched_path_has_the_variants(region_of_account: Region) -> None:
    region = region_of_account(
        "watched_paths: ['C:\\a', 'D:\\b']\n"
        "events: {object-handle-requested: {variants: {slow: {threshold: 9}}}}"
    )
    assert [variant.event.key for variant in region.additional_alarms] == [
        e.key for e in region.events if e.key.startswith("object-handle-requested")
    ]


SLOW = "variants: {{slow: {{threshold: 100, {0}}}}}"
OWN, OTHER = "arn:aws:sns:eu-central-1:111111111111:own", "arn:aws:sns:eu-central-1:111111111111:other"
TEMPLATE = "arn:{{partition}}:sns:{{region}}:{{account_id}}:{0}"


def messages(region: RegionPlan, variant: AdditionalAlarm) -> tuple[str, ...]:
    topic = region.topic(variant)
    return variant.actions or ((topic.name,) if topic else ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SLOW.format("severity: low"), ("windows-security-low",)),
        (SLOW.format("period: 600"), ("windows-security-medium",)),
        (SLOW.format(f"actions: ['{TEMPLATE.format('own')}']"), (OWN,)),
        (f"actions: ['{TEMPLATE.format('other')}'], " + SLOW.format("period: 600"), (OTHER,)),
        (
            f"actions: ['{TEMPLATE.format('other')}'], " + SLOW.format("severity: low"),
            ("windows-security-low",),
        ),
    ],
)
def test_a_variant_tells_its_own_severity_or_whom_the_event_tells(
    region_of_account: Region, text: str, expected: tuple[str, ...]
) -> None:
    region = region_of_account("packs: []\nwatched_paths: []\n" + override(f"enabled: true, {text}"))
    (variant,) = region.additional_alarms
    assert messages(region, variant) == expected


def test_a_topic_is_made_for_a_severity_that_only_a_variant_has(region_of_account: Region) -> None:
    settings = "packs: []\nwatched_paths: []\nsilence_alarm: {enabled: false}\n"
    text = override("enabled: true, " + SLOW.format("severity: critical"))
    assert [topic.name for topic in region_of_account(settings + text).topics] == [
        "windows-security-medium",
        "windows-security-critical",
    ]


def test_an_additional_alarm_that_would_notify_nobody_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "packs: []\nwatched_paths: []\nsilence_alarm: {enabled: false}\n"
        "notifications: {subscriptions: [{protocol: email, endpoint: a@example.com, severities: [medium]}]}\n"
        + override("enabled: true, " + SLOW.format("severity: critical"))
    )
    assert "logon-failed-network.slow (severity critical) would notify nobody" in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "variants: {slow: {period: 45}}",
            "variants.slow.period: period 45: must be 60 seconds or a multiple of that",
        ),
        (
            "evaluation_periods: 8, variants: {slow: {period: 86400, threshold: 9}}",
            "variants.slow.period: period 86400 x evaluation_periods 8 is 691200 seconds",
        ),
        ("variants: {slow: {threshold: 0}}", "variants.slow.threshold: must be 1 or more, not 0"),
        (
            "variants: {slow: {thresold: 9}}",
            "variants.slow.thresold: no such setting; did you mean threshold?",
        ),
        ("variants: {slow: {}}", "variants.slow: would fire whenever the alarm of logon-failed-network does"),
        (
            "variants: {slow: {threshold: 10}}",
            "variants.slow: would fire whenever the alarm of logon-failed-network does",
        ),
        (
            "variants: {Slow: {threshold: 9}}",
            "variants.Slow: 'Slow' is not a name of 1 to 32 lower-case letters, digits and single hyphens, "
            "beginning with a letter",
        ),
        (
            "alarm: false, variants: {slow: {threshold: 9}}",
            "variants: has no effect: 'alarm: false' makes logon-failed-network metric only",
        ),
        (
            f"variants: {{slow: {{threshold: 9, actions: ['{OWN.replace('eu-central', 'us-east')}']}}}}",
            "variants.slow.actions[0]: arn:aws:sns:us-east-1:111111111111:own is not in eu-central-1",
        ),
    ],
)
def test_a_variant_that_could_not_work_is_refused_at_its_setting(
    problems_of_account: Problems, text: str, problem: str
) -> None:
    (messages,) = problems_of_account(override(text))
    assert messages.startswith(f"11: events.logon-failed-network.{problem}")


def test_a_signal_has_no_variants(problems_of_account: Problems) -> None:
    assert problems_of_account(
        override("enabled: true, variants: {slow: {threshold: 9}}", "special-privileges-assigned")
    ) == [
        "11: events.special-privileges-assigned.variants: special-privileges-assigned has no alarm that "
        "could have variants: add 'alarm: true'"
    ]


def test_a_variant_is_not_called_as_another_alarm_is(problems_of: Problems) -> None:
    problems = problems_of(
        """\
        own_events:
        - {key: logon-failed-network-slow, event_id: 4625, title: x, severity: low, runbook: x, audit: Logon,
           outcome: failure, where: {TargetUserName: x}, alarm: {}}
        defaults:
          regions: [eu-central-1]
          packs: [article]
          watched_paths: ['C:\\x']
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
        accounts:
          a:
            id: 111111111111
            events: {logon-failed-network: {variants: {slow: {threshold: 100}}}}
        """
    )
    assert problems == [
        "deployment.yaml:12: accounts.a.events.logon-failed-network.variants.slow: the alarm would be called "
        "windows-security-111111111111-eu-central-1-logon-failed-network-slow, as that of "
        "events.logon-failed-network-slow is"
    ]


def test_the_same_settings_give_the_same_records(region_of_account: Region) -> None:
    text = override("exclude: {IpAddress: [a]}, " + SLOW.format("period: 600"))
    first, second = region_of_account(text), region_of_account(text)
    assert chosen(first) is chosen(second)
    assert first.additional_alarms[0].event is second.additional_alarms[0].event
