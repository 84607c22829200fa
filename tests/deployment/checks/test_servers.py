from collections.abc import Callable

import pytest

from deployment import RegionPlan
from deployment.resources.agent_configuration import agent_parameters, region_agent_configuration
from deployment.resources.associations import associations

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
        "agent_version: 1.300071.0b1720",
        "agent_version: 1.300099.0b2000",
        "agent_version: ''",
        "agent_version: 1.2.3b4\ncollection: levels",
        "ec2config_agent_version: 1.247360.0b252689\nec2config_targets: {OS: [Windows Server 2012 R2]}",
    ],
)
def test_an_agent_that_can_do_what_is_asked_is_fine(problems_of_account: Problems, settings: str) -> None:
    assert not problems_of_account(settings)


@pytest.mark.parametrize(
    ("version", "right"),
    [
        ("1.300071.0", "1.300071.0b1720"),
        ("1.300071.0b1207", "1.300071.0b1720"),
        ("1.300064.1", "1.300064.1b1344"),
        ("1.300099.0", "1.300099.0b and its build, as in 1.300071.0b1720"),
    ],
)
@pytest.mark.parametrize("setting", ["agent_version", "canary_agent_version"])
def test_another_spelling_than_distributors_is_refused_with_the_right_one(
    problems_of_account: Problems, setting: str, version: str, right: str
) -> None:
    assert problems_of_account(f"{setting}: {version}") == [
        f"10: {setting}: {version} is not how Distributor spells the version, and would not be installed: "
        f"write {right}"
    ]


@pytest.mark.parametrize(("version", "named"), [("1.300071.0b1720", "1.300071.0b1720"), ("''", "the newest")])
def test_a_new_agent_on_windows_server_2012_r2_is_refused(
    problems_of_account: Problems, version: str, named: str
) -> None:
    old = f"ec2config_targets: {{OS: [Windows Server 2012 R2]}}\nec2config_agent_version: {version}"
    assert problems_of_account(old) == [
        f"11: ec2config_agent_version: {named} does not run on Windows Server 2012 R2: take 1.247360.0b252689"
    ]


def test_a_server_under_targets_and_canary_targets_is_refused(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account("canary_targets: {OS: [Windows Server 2016]}")
    assert problem.endswith("is under targets as well: a server gets one version of the agent")


def test_canary_servers_that_no_tag_tells_apart_are_noticed(region_of_account: Region) -> None:
    (notice,) = region_of_account("canary_targets: {Wave: ['1']}").notices
    assert notice.startswith("targets and canary_targets name different tags")


def test_canary_servers_get_their_version_before_the_others(region_of_account: Region) -> None:
    region = region_of_account("canary_targets: {OS: [Canary]}\ncanary_agent_version: 1.300099.0b2000")
    watching = [spec for spec in associations(region) if spec.step == "watch_servers"]
    versions = {spec.key: spec.parameters["agentVersion"] for spec in watching}
    assert versions == {"watch_servers": "1.300071.0b1720", "watch_servers_canary": "1.300099.0b2000"}


def test_old_servers_have_an_agent_of_their_own_that_ships_whole_logs(region_of_account: Region) -> None:
    region = region_of_account("ec2config_targets: {OS: [Windows Server 2012 R2]}")
    (old,) = [s for s in associations(region) if s.key == "watch_servers_ec2config"]
    assert old.parameters["agentVersion"] == "1.247360.0b252689"
    assert old.parameters["agentConfiguration"] == "AmazonCloudWatch-windows-security-2012"
    assert agent_parameters(region)["AmazonCloudWatch-windows-security-2012"]
    logs = region_agent_configuration(region, is_2012=True)["logs"]["logs_collected"]["windows_events"]
    assert {entry["event_name"] for entry in logs["collect_list"]} == set(region.log_groups)
    assert all("event_levels" in entry and "event_ids" not in entry for entry in logs["collect_list"])


def test_no_wave_of_a_bad_agent_reaches_every_server(region_of_account: Region) -> None:
    settings = region_of_account("").settings.associations.watch_servers
    assert (settings.max_concurrency, settings.max_errors) == ("25%", "50%")


@pytest.mark.parametrize(
    ("proxy", "problem"),
    [
        ("{https_proxy: proxy.example.com}", "the address of a proxy, such as http://proxy.example.com:3128"),
        ("{https_proxy: 'http://a', no_proxy: example.com}", "no_proxy must hold 169.254.169.254"),
        ("{http_proxy: 'http://a'}", "is missing"),
    ],
)
def test_a_proxy_by_which_the_agent_reaches_nothing_is_refused(
    problems_of_account: Problems, proxy: str, problem: str
) -> None:
    (found,) = problems_of_account(f"agent_configuration: {{proxy: {proxy}}}")
    assert problem in found


def test_the_newest_agent_is_no_parameter_of_the_association(region_of_account: Region) -> None:
    region = region_of_account("agent_version: ''")
    (watching,) = [spec for spec in associations(region) if spec.step == "watch_servers"]
    assert "agentVersion" not in watching.parameters


EXTRA = "agent_configuration: {extra: {logs: {logs_collected: {windows_events: {collect_list: [%s]}}}}}"
COLLECTED = "agent_configuration.extra.logs.logs_collected.windows_events.collect_list[0]"


def test_a_log_group_of_the_deployment_takes_no_other_records(problems_of_account: Problems) -> None:
    entry = "{event_name: Application, log_group_name: Security, event_levels: [ERROR]}"
    assert problems_of_account(EXTRA % entry) == [
        f"10: {COLLECTED}.log_group_name: Security is a log group of this deployment, whose filters would "
        "count what comes to it: name another"
    ]
    assert not problems_of_account(EXTRA % entry.replace("Security", "application"))


@pytest.mark.parametrize("setting", ["event_ids: [1000]", "filters: [{type: include, expression: x}]"])
def test_an_old_agent_that_would_refuse_what_is_collected_beside_the_events_is_named(
    problems_of_account: Problems, setting: str
) -> None:
    entry = f"{{event_name: Application, log_group_name: application, {setting}}}"
    name = setting.partition(":")[0]
    old = "\nec2config_targets: {OS: [Windows Server 2012 R2]}"
    assert problems_of_account((EXTRA % entry) + old) == [
        f"10: {COLLECTED}.{name}: ec2config_agent_version is 1.247360.0b252689, which does not know {name} "
        "of event logs and would refuse the whole configuration: choose by event_levels, or take 1.300059.0 "
        "or later"
    ]
    assert not problems_of_account(EXTRA % entry)


def test_what_host_metrics_measure_is_not_measured_twice(problems_of_account: Problems) -> None:
    measured = "agent_configuration: {extra: {metrics: {metrics_collected: {memory: {measurement: [x]}}}}}"
    assert problems_of_account(f"host_metrics: basic\n{measured}") == [
        "11: agent_configuration.extra.metrics.metrics_collected.memory: host_metrics: basic measures memory "
        "already: leave it out, or set 'host_metrics: none' and name all that is to be measured here"
    ]
    assert not problems_of_account(measured)


def test_a_proxy_that_no_step_would_write_is_refused(problems_of_account: Problems) -> None:
    text = (
        "associations: {layout: %s}\nagent_configuration: {mode: %s, proxy: {https_proxy: 'http://p:3128'}}"
    )
    assert problems_of_account(text % ("separate", "replace")) == [
        "11: agent_configuration.proxy: is not written with the layout separate and the mode replace, where "
        "a document of AWS configures the agent: take 'layout: ordered' or 'mode: append'"
    ]
    assert not problems_of_account(text % ("separate", "append"))
    assert not problems_of_account(text % ("ordered", "replace"))


def test_a_configuration_that_is_taken_off_the_servers_is_noticed(region_of_account: Region) -> None:
    (notice,) = region_of_account("agent_configuration: {mode: remove}").notices
    assert "no alarm can fire" in notice
