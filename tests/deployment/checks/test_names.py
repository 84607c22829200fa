from collections.abc import Callable
from dataclasses import replace

import pytest

from catalog import Field, event
from deployment import Deployment, DeploymentError, resolve

Problems = Callable[[str], list[str]]


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


def test_a_log_group_that_is_created_has_no_hash_in_its_name(
    problems_of_account: Callable[[str], list[str]],
) -> None:
    (problem,) = problems_of_account("log_group_prefix: 'win#'")
    assert "log_group_prefix: has #" in problem
