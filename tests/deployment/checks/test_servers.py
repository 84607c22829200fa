from collections.abc import Callable

import pytest

from deployment import RegionPlan

Problems = Callable[[str], list[str]]
Region = Callable[[str], RegionPlan]


def test_a_server_under_targets_and_ec2config_targets_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("ec2config_targets:\n  OS: [Windows Server 2012 R2, Windows Server 2016]") == [
        "11: ec2config_targets.OS: 'Windows Server 2016' is under targets as well: a server has EC2Config "
        "(Windows Server 2012 R2 and earlier) or not"
    ]


def test_one_tag_is_enough_to_tell_old_servers_from_new_ones(problems_of_account: Problems) -> None:
    targets = "targets: {OS: [Windows Server 2022], Stage: [production, test]}\n"
    apart = "ec2config_targets: {OS: [Windows Server 2012 R2], Stage: [production]}"
    assert not problems_of_account(targets + apart)
    both = "ec2config_targets: {OS: [Windows Server 2022], Stage: [production]}"
    assert [problem.partition(" is under")[0] for problem in problems_of_account(targets + both)] == [
        "11: ec2config_targets.OS: 'Windows Server 2022'",
        "11: ec2config_targets.Stage: 'production'",
    ]


def test_servers_that_no_tag_tells_apart_are_noticed(region_of_account: Region) -> None:
    (notice,) = region_of_account("ec2config_targets: {Old: ['true']}").notices
    assert notice.startswith("targets and ec2config_targets name different tags")
    assert not region_of_account("ec2config_targets: {OS: [Windows Server 2012 R2]}").notices
    assert not region_of_account("").notices


def test_configuring_the_agent_once_before_it_is_installed_is_refused(problems_of_account: Problems) -> None:
    once = "associations:\n  layout: separate\n  configure_agent: {schedule: null}\n"
    assert problems_of_account(once) == [
        "12: associations.configure_agent.schedule: would run once, before install_agent has installed the "
        "agent, fail, and never run again: give a rate, such as rate(1 hour)"
    ]
    assert not problems_of_account(once + "  install_agent: {enabled: false}")
    assert not problems_of_account("associations: {layout: separate, install_agent: {schedule: null}}")


def test_a_schedule_of_a_step_of_the_ordered_document_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("associations: {install_agent: {schedule: rate(1 day)}}") == [
        "10: associations.install_agent.schedule: does not count with the layout ordered, where "
        "install_agent is a step of watch_servers: set it there, or 'layout: separate'"
    ]
    assert not problems_of_account("associations: {install_agent: {enabled: false}}")


@pytest.mark.parametrize("version", ["1.300058.9", "1.247360.0b252689"])
def test_an_agent_that_does_not_know_event_ids_is_refused(
    problems_of_account: Problems, version: str
) -> None:
    assert problems_of_account(f"agent_version: {version}") == [
        f"10: agent_version: {version} does not know event_ids and would refuse the whole configuration: "
        "take 1.300059.0 or later, or 'collection: levels'"
    ]


@pytest.mark.parametrize(
    "settings",
    [
        "agent_version: 1.300059.0",
        "agent_version: 1.300059.0b1207",
        "agent_version: 1.2.3\ncollection: levels",
    ],
)
def test_an_agent_that_can_do_what_is_asked_is_fine(problems_of_account: Problems, settings: str) -> None:
    assert not problems_of_account(settings)
