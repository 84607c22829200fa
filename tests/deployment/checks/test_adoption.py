from collections.abc import Callable

import pytest

Problems = Callable[[str], list[str]]

TOPIC = "arn:aws:sns:eu-central-1:111111111111:ours"
SUBSCRIBED = "{protocol: email, endpoint: a@example.com}"


@pytest.mark.parametrize(
    ("adopt", "problem"),
    [
        (
            "log_groups: [Security, Sytem]",
            "log_groups[1]: nothing of Sytem is collected in a; there is Security, and with "
            "'collection: levels' Security and System",
        ),
        (
            "log_groups: [Securty]",
            "log_groups[0]: nothing of Securty is collected in a; did you mean Security?; there is "
            "Security, and with 'collection: levels' Security and System",
        ),
        (
            "alarms: {logon-failed-netwrk: Windows-Logon-Fail}",
            "alarms.logon-failed-netwrk: no such event is watched in a; did you mean logon-failed-network?",
        ),
        (
            "alarms: {special-privileges-assigned: Privileges}",
            "alarms.special-privileges-assigned: special-privileges-assigned is a metric only, "
            "without an alarm: add 'alarm: true' to it under events",
        ),
        (
            "metric_filters: {service-installed: Service}",
            "metric_filters.service-installed: no such event is watched in a",
        ),
        (
            "alarms: {logon-failed-network: Fail, user-account-created: Fail}",
            "alarms.logon-failed-network: 'Fail' would be the name of two alarms",
        ),
        (
            "metric_filters: {logon-failed-network: Fail, user-account-created: Fail}",
            "metric_filters.logon-failed-network: 'Fail' would be the name of two metric filters on "
            "the log group of Security",
        ),
        (
            "topics: {high: mail, medium: mail}",
            "topics: 'mail' is given twice: for one topic for all alarms, add 'topics: single' to "
            "notifications and name it under topic",
        ),
        (
            "topic: mail",
            "topic: is for one topic for all alarms: add 'topics: single' to notifications, or use topics",
        ),
        (
            "topics: {critical: mail}",
            "topics.critical: a creates no topic for critical, by its alarms and notifications",
        ),
        ("instance_profile: false", "instance_profile: has no effect without server_role"),
        (
            "alarm: {logon-failed-network: Fail}",
            "alarm: no such setting; did you mean alarms?",
        ),
        (
            "output_bucket: output",
            "output_bucket: a bucket is not adopted, since objects in it would expire: name it "
            "under output_bucket.existing, and it is used as it is",
        ),
    ],
)
def test_what_could_not_be_adopted_is_refused(
    problems_of_account: Problems, adopt: str, problem: str
) -> None:
    assert problems_of_account(f"adopt: {{{adopt}}}") == [f"10: adopt.{problem}"]


@pytest.mark.parametrize(
    ("adopt", "problem"),
    [
        (
            f"topics: {{high: '{TOPIC}'}}",
            "topics.high: 'arn:aws:sns:eu-central-1:111111111111:ours' is not the ",
        ),
        (
            "alarms: {logon-failed-network: ログオン失敗}",
            "alarms.logon-failed-network: 'ログオン失敗' is not the ",
        ),
        (
            "alarms: {logon-failed-network: 'arn:aws:cloudwatch:x'}",
            "alarms.logon-failed-network: 'arn:aws:cl",
        ),
        (
            "metric_filters: {logon-failed-network: 'a:b'}",
            "metric_filters.logon-failed-network: 'a:b' is not the ",
        ),
        (
            "metric_filters: {logon-failed-network: '${a}'}",
            "metric_filters.logon-failed-network: '${a}' is not ",
        ),
        (
            "parameter: windows",
            "parameter: 'windows' is not the name of a parameter that the agent's policies",
        ),
        ("server_role: a/b", "server_role: 'a/b' is not the name of an IAM role"),
    ],
)
def test_a_name_that_aws_could_not_have_given_is_refused(
    problems_of_account: Problems, adopt: str, problem: str
) -> None:
    (found,) = problems_of_account(f"adopt: {{{adopt}}}")
    assert found.startswith(f"10: adopt.{problem}")


def test_an_adopted_role_belongs_to_one_stack(problems_of_account: Problems) -> None:
    assert problems_of_account(
        "regions: [eu-central-1, eu-west-1]\nadopt: {server_role: business-server}"
    ) == [
        "11: adopt.server_role: business-server would belong to a-eu-central-1 and to a-eu-west-1: IAM knows "
        "no regions; name it under server_role.existing, and it is used as it is"
    ]


@pytest.mark.parametrize(
    ("adopted", "existing"),
    [
        ("adopt: {log_groups: [Security]}", "existing_log_groups: {Security: Theirs}"),
        ("adopt: {server_role: ours}", "server_role: {existing: theirs}"),
        (
            "adopt: {topic: ours}",
            f"notifications: {{topics: single, existing_topic: '{TOPIC}', subscriptions: []}}",
        ),
    ],
)
def test_what_is_somebody_elses_is_not_adopted_as_well(
    problems_of_account: Problems, adopted: str, existing: str
) -> None:
    (problem,) = problems_of_account(f"{adopted}\n{existing}")
    assert "adopt it or refer to it" in problem


def test_with_a_topic_for_all_alarms_no_topic_of_a_severity_is_adopted(problems_of_account: Problems) -> None:
    layout = f"notifications: {{topics: single, subscriptions: [{SUBSCRIBED}]}}"
    assert problems_of_account(f"{layout}\nadopt: {{topics: {{high: mail}}}}") == [
        "11: adopt.topics: with 'topics: single' there is one topic: name it under topic"
    ]


def test_the_manual_procedure_is_adopted_without_a_problem(problems_of_account: Problems) -> None:
    assert not problems_of_account(
        f"""\
        collection: levels
        notifications: {{topics: single, subscriptions: [{SUBSCRIBED}]}}
        adopt:
          log_groups: [Security, System]
          topic: security-mail
          server_role: business-server
          parameter: AmazonCloudWatch-windows
          alarms: {{logon-failed-network: Windows-Logon-Fail}}
          metric_filters: {{logon-failed-network: Windows-Logon-Fail}}
        """
    )


def test_an_existing_log_group_of_an_event_log_that_is_not_collected_is_refused(
    problems_of_account: Problems,
) -> None:
    (problem,) = problems_of_account("existing_log_groups: {Sistem: theirs}")
    assert problem.startswith("10: existing_log_groups.Sistem: nothing of Sistem is collected in a")


def test_two_event_logs_in_one_existing_log_group_are_refused(problems_of_account: Problems) -> None:
    problems = problems_of_account("collection: levels\nexisting_log_groups:\n  Security: all\n  System: all")
    assert problems == [
        f"{line}: existing_log_groups.{channel}: all would receive two event logs: each has a log group "
        "of its own"
        for line, channel in ((12, "Security"), (13, "System"))
    ]
