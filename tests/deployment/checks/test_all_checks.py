from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import Field, event
from deployment import Deployment, DeploymentError, RegionPlan, resolve

Problems = Callable[[str], list[str]]
Write = Callable[[str], Path]
Region = Callable[[str], RegionPlan]

DEFAULTS = """\
defaults:
  packs: [remote-desktop]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts:
"""


@pytest.fixture
def problems_of_accounts(problems_of: Problems) -> Problems:
    """Return the problems of accounts that begin in line 5, without the file's name."""
    return lambda text: [problem.removeprefix("deployment.yaml:") for problem in problems_of(DEFAULTS + text)]


def test_an_account_without_regions_is_refused(problems_of_accounts: Problems) -> None:
    assert problems_of_accounts("  a: {id: 111111111111}\n") == [
        "5: accounts.a: has no regions: list them under regions, here or in defaults"
    ]


def test_regions_of_two_partitions_are_refused(problems_of_accounts: Problems) -> None:
    assert problems_of_accounts("  a: {id: 111111111111, regions: [eu-central-1, cn-north-1]}\n") == [
        "5: accounts.a.regions: eu-central-1 and cn-north-1 belong to different partitions (aws, aws-cn), "
        "and an account to one only"
    ]


def test_one_region_of_one_account_twice_is_refused(problems_of_accounts: Problems) -> None:
    problems = problems_of_accounts(
        "  a: {id: 111111111111, regions: [eu-central-1]}\n"
        "  b: {id: 111111111111, regions: [eu-west-1, eu-central-1]}\n"
    )
    assert problems == [
        "6: accounts.b.id: 111111111111 is monitored in eu-central-1 by accounts.a already: their roles, "
        "topics and alarms would have the same names"
    ]


def test_two_regions_of_one_account_under_two_names_are_fine(problems_of_accounts: Problems) -> None:
    assert not problems_of_accounts(
        "  a: {id: 111111111111, regions: [eu-central-1]}\n  b: {id: 111111111111, regions: [eu-west-1]}\n"
    )


def test_two_stacks_of_one_name_are_refused(problems_of_accounts: Problems) -> None:
    problems = problems_of_accounts(
        "  a: {id: 111111111111, regions: [eusc-de-east-1]}\n"
        "  a-eusc: {id: 222222222222, regions: [de-east-1]}\n"
    )
    assert problems == [
        "6: accounts.a-eusc: its stack a-eusc-de-east-1 would have the name of one of accounts.a"
    ]


def test_nothing_to_watch_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("packs: []\nwatched_paths: []") == [
        "10: packs: nothing is watched: choose packs or events"
    ]


def test_more_than_100_metric_filters_on_a_log_group_are_refused(problems_of_account: Problems) -> None:
    paths = "\n".join(f"  - C:\\{number}.txt" for number in range(100))
    (problem,) = problems_of_account(f"packs: [article]\nwatched_paths:\n{paths}")
    assert problem.startswith("11: watched_paths: the events chosen need ")
    assert problem.endswith(" metric filters on the log group of Security: CloudWatch Logs takes 100")


def test_100_metric_filters_on_a_log_group_are_fine(problems_of_account: Problems) -> None:
    paths = "\n".join(f"  - C:\\{number}.txt" for number in range(100))
    only = "packs: []\nevents: {object-handle-requested: {enabled: true}}"
    assert not problems_of_account(f"{only}\nwatched_paths:\n{paths}")
    assert problems_of_account(f"{only}\nwatched_paths:\n{paths}\n  - C:\\100.txt")


@pytest.mark.parametrize(("shared", "own"), [(24, 25), (26, 25)])
def test_more_tags_than_the_alarms_could_have_are_refused(
    problems_of: Problems, shared: int, own: int
) -> None:
    tags = ", ".join(f"T{number}: x" for number in range(shared))
    more = ", ".join(f"U{number}: x" for number in range(own))
    problems = problems_of(
        f"""\
        defaults:
          regions: [eu-central-1]
          tags: {{{tags}}}
          notifications: {{subscriptions: [{{protocol: email, endpoint: a@example.com}}]}}
        accounts:
          a:
            id: 111111111111
            tags: {{{more}}}
        """
    )
    assert problems == [
        f"deployment.yaml:8: accounts.a.tags: {shared + own} tags, with those of the defaults: AWS takes 48 "
        "beside EventKey and Severity, which the alarms have"
    ]


def test_as_many_tags_as_the_alarms_can_have_are_fine(problems_of_account: Problems) -> None:
    assert not problems_of_account(f"tags: {{{', '.join(f'T{number}: x' for number in range(48))}}}")


@pytest.mark.parametrize("key", ["EventKey", "Severity"])
def test_a_tag_that_the_alarms_have_already_is_refused(problems_of_account: Problems, key: str) -> None:
    assert problems_of_account(f"tags:\n  Team: a\n  {key}: b") == [
        f"12: tags.{key}: the alarms of events have a tag of that name already: choose another"
    ]


def test_tags_that_differ_in_case_only_are_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("tags:\n  Team: a\n  team: b") == [
        "12: tags.team: IAM, which ignores case in tags, takes it for the same as Team"
    ]


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
    once = "associations:\n  configure_agent: {schedule: null}\n"
    assert problems_of_account(once) == [
        "11: associations.configure_agent.schedule: would run once, before install_agent has installed the "
        "agent, fail, and never run again: give a rate, such as rate(1 hour)"
    ]
    assert not problems_of_account(once + "  install_agent: {enabled: false}")
    assert not problems_of_account("associations: {install_agent: {schedule: null}}")


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


def test_a_composite_alarm_names_events_that_have_an_alarm_here(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "composite_alarms:\n  guessing:\n    title: Guessing\n"
        "    all_of: [logon-failed-network, special-privileges-assigned]"
    )
    assert problem == (
        "13: composite_alarms.guessing.all_of[1]: special-privileges-assigned has no alarm in a: the "
        "composite alarm could not name it; 'guessing: null' leaves it out there"
    )


def test_an_account_need_not_watch_the_events_of_a_composite_alarm_that_it_takes_away(
    problems_of: Problems,
) -> None:
    text = """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
          composite_alarms:
            guessing: {title: Guessing, any_of: [logon-failed-network, user-account-locked-out]}
        accounts:
          a: {id: 111111111111}
          b:
            id: 222222222222
            packs: []
            events: {administrators-member-added: {enabled: true}}
        """
    assert len(problems_of(text)) == 2
    assert not problems_of(text + "    composite_alarms: {guessing: null}\n")


@pytest.mark.parametrize(
    "role", ["arn:aws:iam::222222222222:role/deployment", "arn:aws-cn:iam::{account_id}:role/deployment"]
)
def test_a_role_of_another_account_or_partition_is_refused(problems_of_account: Problems, role: str) -> None:
    filled = role.replace("{account_id}", "111111111111")
    assert problems_of_account(f"assume_role: '{role}'") == [
        f"10: assume_role: {filled} is not a role of 111111111111 in the partition aws: write the role's "
        "name alone, or {account_id} and {partition} in the ARN"
    ]


def test_a_signal_with_too_long_a_name_for_its_saved_query_is_refused(deployment: Deployment) -> None:
    where = (Field("TargetUserName") == "x",)
    longest = replace(event("user-account-created"), key="a" * 230, where=where, packs=(), alarm=None)
    assert resolve(deployment.model_copy(update={"own_events": (longest,)}))
    longer = replace(longest, key="a" * 231)
    with pytest.raises(DeploymentError) as refused:
        resolve(deployment.model_copy(update={"own_events": (longer,)}))
    assert {problem.message.partition(":")[0] for problem in refused.value.problems} == {
        "the saved query's name would have 256 characters, over 255"
    }


def test_an_alarm_with_too_long_a_name_is_refused(deployment: Deployment) -> None:
    longest = replace(
        event("user-account-created"), key="a" * 230, where=(Field("TargetUserName") == "x",), packs=()
    )
    with pytest.raises(DeploymentError) as refused:
        resolve(deployment.model_copy(update={"own_events": (longest,)}))
    assert {problem.message.partition(":")[0] for problem in refused.value.problems} == {
        "the alarm's name would have 273 characters, over 255",
        "the alarm's name would have 275 characters, over 255",
    }


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (
            "{type: cloud, organization: example, workspace: security}",
            "6: accounts.b.state.workspace: a-eu-central-1 and b-eu-central-1 would share the state "
            "app.terraform.io/example/security: put {account} and {region} into the workspace's name",
        ),
        (
            "{type: s3, bucket: central, region: eu-central-1}",
            "6: accounts.b.state.bucket: central would be made in account 111111111111 and in 222222222222: "
            "put {account_id} into the name, or make it yourself and set 'create_bucket: false'",
        ),
    ],
)
def test_states_that_would_collide_are_refused(
    problems_of_accounts: Problems, state: str, problem: str
) -> None:
    assert problems_of_accounts(
        f"  a: {{id: 111111111111, regions: [eu-central-1], state: {state}}}\n"
        f"  b: {{id: 222222222222, regions: [eu-central-1], state: {state}}}\n"
    ) == [problem]


def test_a_central_bucket_that_exists_may_hold_the_state_of_all(problems_of_accounts: Problems) -> None:
    state = "{type: s3, bucket: central, region: eu-central-1, create_bucket: false}"
    assert not problems_of_accounts(
        f"  a: {{id: 111111111111, regions: [eu-central-1], state: {state}}}\n"
        f"  b: {{id: 222222222222, regions: [eu-central-1], state: {state}}}\n"
    )


def test_names_that_placeholders_make_too_long_are_refused(problems_of: Problems) -> None:
    account = "a" * 50
    problems = problems_of(
        f"""\
        defaults:
          regions: [ap-northeast-1]
          output_bucket: {{existing: "output-{{account}}-{{region}}"}}
          notifications: {{subscriptions: [{{protocol: email, endpoint: a@example.com}}]}}
        accounts:
          {account}:
            id: 111111111111
            state: {{type: s3, bucket: "state-{{account}}-{{region}}"}}
        """
    )
    assert problems == [
        f"deployment.yaml:3: defaults.output_bucket.existing: output-{account}-ap-northeast-1 has 72 "
        f"characters for {account}-ap-northeast-1, and may have 63",
        f"deployment.yaml:8: accounts.{account}.state.bucket: state-{account}-ap-northeast-1 has 71 "
        f"characters for {account}-ap-northeast-1, and may have 63",
    ]


def test_a_workspace_with_too_long_a_name_is_refused(problems_of_accounts: Problems) -> None:
    account = "a" * 50
    (problem,) = problems_of_accounts(
        f"  {account}:\n"
        "    id: 111111111111\n"
        "    regions: [eu-central-1]\n"
        "    state: {type: cloud, organization: example, workspace: "
        "'x-{account}-{region}-{account_id}-{name}'}\n"
    )
    assert problem.startswith(f"8: accounts.{account}.state.workspace: x-{account}-eu-central-1-")
    assert problem.endswith(" has 95 characters for " + account + "-eu-central-1, and may have 90")


def test_a_deployment_built_in_python_is_checked_alike(deployment: Deployment) -> None:
    regions: tuple[RegionPlan, ...] = resolve(deployment)
    assert len(regions) == 3
    broken = deployment.model_copy(
        update={"defaults": deployment.defaults.model_copy(update={"regions": ()})}
    )
    with pytest.raises(DeploymentError) as refused:
        resolve(broken)
    assert str(refused.value) == (
        "accounts.staging: has no regions: list them under regions, here or in defaults"
    )
