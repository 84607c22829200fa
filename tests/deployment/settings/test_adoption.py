from collections.abc import Callable
from pathlib import Path

from catalog import Severity
from deployment import RegionPlan
from deployment.resources.log_groups import log_groups

Region = Callable[[str], RegionPlan]

ADOPT = """\
adopt:
  log_groups: [Security]
  topics: {high: pager}
  server_role: business-server
  parameter: AmazonCloudWatch-windows
  alarms: {logon-failed-network: Windows-Logon-Fail}
  metric_filters: {logon-failed-network: Logon-Fail}
"""


def test_what_is_adopted_keeps_its_name_and_everything_else_gets_its_own(region_of_account: Region) -> None:
    names = region_of_account(ADOPT).names
    made = region_of_account("").names
    assert names.server_role == "business-server"
    assert names.agent_parameter == "AmazonCloudWatch-windows"
    assert names.topic(Severity.HIGH) == "pager"
    assert names.topic(Severity.LOW) == made.topic(Severity.LOW)
    assert names.alarm("logon-failed-network") == "Windows-Logon-Fail"
    assert names.alarm("user-account-created") == made.alarm("user-account-created")
    assert names.metric_filter("logon-failed-network") == "Logon-Fail"
    assert names.metric_filter("logon-failed-network", 1) == made.metric_filter("logon-failed-network", 1)


def test_the_topic_for_all_alarms_keeps_its_name(region_of_account: Region) -> None:
    single = "notifications: {topics: single, subscriptions: [{protocol: email, endpoint: a@example.com}]}\n"
    region = region_of_account(f"{single}adopt: {{topic: security-mail}}")
    assert [topic.name for topic in region.topics] == ["security-mail"]


def test_an_adopted_or_existing_log_group_keeps_its_own_retention(region_of_account: Region) -> None:
    region = region_of_account(
        "collection: levels\nretention_days: 90\nexisting_log_groups: {System: theirs}\n" + ADOPT
    )
    assert (
        log_groups(region)["Security"].retention_days is log_groups(region)["System"].retention_days is None
    )
    assert region.log_groups == {"Security": "Security", "System": "theirs"}
    assert log_groups(region_of_account("retention_days: 90"))["Security"].retention_days == 90


def test_an_account_that_adopts_something_else_adopts_nothing_of_the_defaults(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    by_hand, new = regions_of(
        """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
          adopt: {log_groups: [Security], parameter: AmazonCloudWatch-windows}
        accounts:
          by-hand: {id: 111111111111}
          new: {id: 222222222222, adopt: {}}
        """
    )
    assert by_hand.names.agent_parameter == "AmazonCloudWatch-windows"
    assert new.names.agent_parameter == "AmazonCloudWatch-windows-security"
    assert log_groups(new)["Security"].retention_days == 365


def test_the_example_of_the_document_is_in_order(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    document = (Path(__file__).parents[3] / "docs" / "how-to" / "adoption.md").read_text(encoding="utf-8")
    (region,) = regions_of(document.partition("```yaml\n")[2].partition("```")[0])
    assert region.names.topic() == "security-mail"
    assert set(region.log_groups) == set(region.settings.adopt.log_groups)
