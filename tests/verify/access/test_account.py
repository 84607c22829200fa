from collections.abc import Callable

import boto3
import pytest

from deployment import RegionPlan
from local_aws import LocalAws
from verify.access.account import AccountError, enter

ACCOUNT = "111122223333"


def use(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_the_callers_own_credentials_are_used_where_no_role_is_named(
    aws: LocalAws, region: RegionPlan
) -> None:
    account = enter(region)

    assert account.identity["Account"] == ACCOUNT
    assert account.client("logs").meta.region_name == "eu-west-1"
    assert account.client("logs") is account.client("logs")


def test_credentials_of_another_account_are_refused(
    aws: LocalAws, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, aws.environment("444455556666"))

    with pytest.raises(AccountError, match=r"in account 444455556666, not of 111122223333: .*assume_role"):
        enter(region)


def test_the_deployments_role_is_assumed_with_its_external_id_and_session_name(
    aws: LocalAws, region_of: Callable[..., RegionPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, aws.environment())
    region = region_of("assume_role: {role: reader, external_id: between-us, session_name: audit}")

    assert enter(region).identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/audit"


def test_a_role_without_a_session_name_leaves_one_that_says_who_asked(
    aws: LocalAws, region_of: Callable[..., RegionPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, aws.environment())

    assert enter(region_of("assume_role: reader")).identity["Arn"].endswith("/windows-security-verify")


def test_another_program_may_leave_a_session_name_of_its_own(
    aws: LocalAws, region_of: Callable[..., RegionPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, aws.environment())

    account = enter(region_of("assume_role: reader"), session_name="another-program")
    assert account.identity["Arn"].endswith("/another-program")


def test_without_credentials_it_is_said_what_is_needed(
    aws: LocalAws, region_of: Callable[..., RegionPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)

    with pytest.raises(AccountError, match=r"credentials.* of account 111122223333, or set assume_role"):
        enter(region_of())
    with pytest.raises(AccountError, match="may assume arn:aws:iam::111122223333:role/reader"):
        enter(region_of("assume_role: reader"))


def test_a_profile_that_does_not_exist_is_told(
    aws: LocalAws, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(AccountError, match="nobody"):
        enter(region)


def test_the_default_session_of_the_process_is_left_alone(
    aws: LocalAws, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = boto3.Session(region_name="sa-east-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", default)

    enter(region)

    assert boto3.DEFAULT_SESSION is default
    assert default.region_name == "sa-east-1"


def test_no_default_session_is_made_for_the_process(
    aws: LocalAws, region: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

    enter(region)

    assert boto3.DEFAULT_SESSION is None
