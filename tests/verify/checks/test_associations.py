from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from deployment import Associations, RegionPlan
from deployment.resources.associations import STEPS, associations
from local_aws import LocalAws
from tests.verify.advice import follow
from tests.verify.deployed import HASH, put_association, put_document, put_server_document
from verify import Check, Status, Window
from verify.access.account import AccountAccess
from verify.checks.associations import check

Client = Callable[[str], Any]
INSTALL = "windows-security-install-agent"
AUDIT = f"windows-security-apply-audit-policy-{HASH}"
CONFIGURE = f"windows-security-configure-agent-{HASH}"


SEPARATE = "agent_configuration: {mode: replace}\nassociations: {layout: separate}\n"


@pytest.fixture
def region(region_of: Callable[..., RegionPlan]) -> RegionPlan:
    """The region with an association for each step."""
    return region_of(SEPARATE)


@pytest.fixture
def ssm(client: Client, region: RegionPlan) -> Any:
    """Systems Manager with every association as deployed; none has run, since there are no servers."""
    put_document(client("ssm"), region)
    for step in STEPS:
        put_association(client("ssm"), region, step)
    return client("ssm")


def association_checks(region: RegionPlan, account: AccountAccess) -> dict[str, Check]:
    return {each.resource: each for each in check(region, account, Window(24))}


def overview(account: AccountAccess, ssm: Any, name: str, **answer: Any) -> Stubber:
    """Let Systems Manager say of an association what it would after a run; the local AWS makes none."""
    associations = ssm.list_associations()["Associations"]
    (named,) = (each for each in associations if each["AssociationName"] == name)
    named.update(answer)
    by_name = {each["AssociationName"]: each["AssociationId"] for each in associations}
    stub = Stubber(account.client("ssm"))
    stub.add_response("list_associations", {"Associations": associations})
    for asked in ("windows-security-update-ssm-agent", INSTALL, AUDIT, CONFIGURE):
        described = ssm.describe_association(AssociationId=by_name[asked])["AssociationDescription"]
        stub.add_response("describe_association", {"AssociationDescription": described})
    return stub


def ran(**counts: int) -> Mapping[str, Any]:
    status = "Failed" if "Failed" in counts else "Pending" if "Pending" in counts else "Success"
    return {
        "Overview": {"Status": status, "AssociationStatusAggregatedCount": counts},
        "LastExecutionDate": datetime(2026, 3, 14, 15, 9, tzinfo=UTC),
    }


def test_every_association_of_the_settings_has_a_check() -> None:
    assert ["layout", *STEPS] == list(Associations.model_fields)


def test_an_association_that_has_run_on_no_server_is_a_warning(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    found = association_checks(region, account)

    assert found.keys() == {"windows-security-update-ssm-agent", INSTALL, AUDIT, CONFIGURE}
    assert {each.status for each in found.values()} == {Status.WARNING}
    assert "no server has the tags OS = Windows Server 2016 or" in found[INSTALL].message


def test_an_association_that_succeeded_everywhere_is_in_order(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    with overview(account, ssm, INSTALL, **ran(Success=12)):
        found = association_checks(region, account)[INSTALL]

    assert found.status is Status.OK
    assert found.message == "succeeded on 12 servers, last at 2026-03-14 15:09 UTC"


def test_an_association_that_failed_on_a_server_is_found(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    with overview(account, ssm, INSTALL, **ran(Success=11, Failed=1)):
        found = association_checks(region, account)[INSTALL]

    assert found.status is Status.FAILED
    assert "failed on 1 of 12 servers" in found.message


def test_an_association_that_failed_as_a_whole_is_found(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    answer = {"Overview": {"Status": "Failed", "DetailedStatus": "InvalidDocument"}}
    with overview(account, ssm, INSTALL, **answer):
        found = association_checks(region, account)[INSTALL]

    assert found.status is Status.FAILED
    assert "failed (InvalidDocument)" in found.message


def test_an_agent_that_could_not_be_updated_is_a_warning(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    with overview(account, ssm, "windows-security-update-ssm-agent", **ran(Failed=2)):
        found = association_checks(region, account)["windows-security-update-ssm-agent"]

    assert found.status is Status.WARNING
    assert "failed on 2 of 2 servers" in found.message


def test_an_association_that_is_still_pending_somewhere_is_a_warning(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    with overview(account, ssm, INSTALL, **ran(Success=3, Pending=2)):
        found = association_checks(region, account)[INSTALL]

    assert found.status is Status.WARNING
    assert "Pending on 2 of 5" in found.message


def test_an_association_that_does_not_exist_is_found(region: RegionPlan, account: AccountAccess) -> None:
    found = association_checks(region, account)

    assert found["windows-security-configure-agent"].status is Status.FAILED
    assert "does not exist" in found["windows-security-configure-agent"].message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"Name": "AWS-UpdateSSMAgent", "Parameters": {}},
            "runs AWS-UpdateSSMAgent instead of AWS-ConfigureAWSPackage",
        ),
        ({"ScheduleExpression": "rate(1 day)"}, "its schedule is rate(1 day) instead of rate(7 days)"),
        (
            {"Targets": [{"Key": "tag:OS", "Values": ["Windows"]}]},
            "its targets are OS = Windows instead of OS = Windows Server 2016 or",
        ),
        (
            {"DocumentVersion": "1"},
            "runs version 1 of AWS-ConfigureAWSPackage instead of its default version: apply the stack again",
        ),
        ({"MaxErrors": "0"}, "its MaxErrors is 0 instead of 100%"),
        (
            {"ScheduleExpression": "cron(0 2 ? * SUN *)", "ApplyOnlyAtCronInterval": True},
            "waits for its schedule instead of running on a new server at once",
        ),
    ],
)
def test_each_difference_of_an_association_is_named(
    region: RegionPlan, account: AccountAccess, client: Client, changes: Any, said: str
) -> None:
    put_association(client("ssm"), region, "install_agent", **changes)

    found = association_checks(region, account)[INSTALL]

    assert found.status is Status.FAILED
    assert said in found.message


def test_the_order_of_the_targets_makes_no_difference(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    backwards = [{"Key": "tag:OS", "Values": list(reversed(region.settings.targets["OS"]))}]
    put_association(client("ssm"), region, "install_agent", Targets=backwards)

    assert association_checks(region, account)[INSTALL].status is Status.WARNING


def test_an_association_that_gives_the_agents_another_parameter_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    other = {"optionalConfigurationLocation": ["AmazonCloudWatch-windows"]}
    put_association(client("ssm"), region, "configure_agent", Parameters=other)

    found = association_checks(region, account)[CONFIGURE]

    assert found.status is Status.FAILED
    assert (
        "its parameter optionalConfigurationLocation is AmazonCloudWatch-windows instead of "
        "AmazonCloudWatch-windows-security"
    ) in found.message


def test_an_audit_policy_that_is_only_reported_where_it_should_be_applied_is_found(
    region: RegionPlan, account: AccountAccess, client: Client
) -> None:
    put_document(client("ssm"), region)
    put_association(client("ssm"), region, "apply_audit_policy", Parameters={"mode": ["report"]})

    found = association_checks(region, account)[AUDIT]

    assert found.status is Status.FAILED
    assert "its parameter mode is report instead of apply" in found.message


@pytest.mark.parametrize(
    ("step", "name", "changes", "said"),
    [
        ("configure_agent", CONFIGURE, {"action": ["stop"]}, "action is stop instead of configure"),
        ("install_agent", INSTALL, {"action": ["Uninstall"]}, "action is Uninstall instead of Install"),
        ("install_agent", INSTALL, {"version": ["1.2.3"]}, "version is 1.2.3 instead of 1.300071.0b1720"),
        (
            "update_ssm_agent",
            "windows-security-update-ssm-agent",
            {"allowDowngrade": ["true"]},
            "allowDowngrade is true instead of false",
        ),
    ],
)
def test_each_other_parameter_is_named(
    region: RegionPlan,
    account: AccountAccess,
    client: Client,
    step: str,
    name: str,
    changes: Any,
    said: str,
) -> None:
    spec = next(each for each in associations(region) if each.step == step)
    given = {each: [value] for each, value in spec.parameters.items()}
    put_association(client("ssm"), region, step, Parameters=given | changes)

    found = association_checks(region, account)[name]

    assert found.status is Status.FAILED
    assert f"its parameter {said}" in found.message


def test_associations_that_are_switched_off_or_have_no_targets_are_not_missed(
    region_of: Callable[..., RegionPlan], account: AccountAccess
) -> None:
    region = region_of(
        "associations: {layout: separate, update_ssm_agent: {enabled: false}, "
        "install_agent: {enabled: false}}"
    )

    assert list(association_checks(region, account)) == [
        "windows-security-apply-audit-policy",
        "windows-security-configure-agent",
    ]


def test_old_servers_are_looked_for_by_their_own_tags(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of(SEPARATE + "ec2config_targets: {OS: [Windows Server 2012 R2]}")
    put_document(client("ssm"), region)
    for step in STEPS:
        put_association(client("ssm"), region, step)

    found = association_checks(region, account)

    for name in (
        "windows-security-update-ec2config",
        f"{INSTALL}-ec2config",
        f"windows-security-apply-audit-policy-ec2config-{HASH}",
        f"windows-security-configure-agent-ec2config-{HASH}",
    ):
        assert "no server has the tags OS = Windows Server 2012 R2" in found[name].message
    assert "no server has the tags OS = Windows Server 2016 or" in found[CONFIGURE].message


def test_an_association_that_old_servers_lack_is_found(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    put_association(client("ssm"), region_of(SEPARATE), "configure_agent")
    region = region_of(SEPARATE + "ec2config_targets: {OS: [Windows Server 2012 R2]}")

    found = association_checks(region, account)

    assert "does not exist" in found["windows-security-configure-agent-ec2config"].message
    assert found[CONFIGURE].status is Status.WARNING


def test_separate_associations_run_the_deployments_own_document_where_other_configurations_stay(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of("associations: {layout: separate}")
    put_server_document(client("ssm"), region)
    put_association(client("ssm"), region, "configure_agent")

    assert association_checks(region, account)[CONFIGURE].status is Status.WARNING


def test_the_ordered_document_has_one_association(
    region_of: Callable[..., RegionPlan], account: AccountAccess, client: Client
) -> None:
    region = region_of()
    put_server_document(client("ssm"), region)
    put_association(client("ssm"), region, "watch_servers")

    found = association_checks(region, account)

    assert found[f"windows-security-watch-servers-{HASH}"].status is Status.WARNING
    assert "windows-security-configure-agent" not in found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"CalendarNames": ["Closed"]}, "runs only while a change calendar is open (CalendarNames Closed)"),
        ({"ScheduleOffset": 6}, "runs days after its schedule (ScheduleOffset 6)"),
        ({"Duration": 1}, "stops starting runs after a number of hours (Duration 1)"),
    ],
)
def test_an_association_that_something_holds_back_is_found_and_deleted_as_advised(
    aws: LocalAws, region: RegionPlan, account: AccountAccess, client: Client, changes: Any, said: str
) -> None:
    put_association(client("ssm"), region, "install_agent", **changes)

    found = association_checks(region, account)[INSTALL]

    assert found.status is Status.FAILED
    assert said in found.message
    assert follow(aws, region, found.message) == ["delete-association"]
    put_association(client("ssm"), region, "install_agent")
    assert association_checks(region, account)[INSTALL].status is Status.WARNING  # it has run on no server


def test_an_association_that_exists_twice_is_found(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    first = association_checks(region, account)
    assert "times" not in first[CONFIGURE].message
    put_association(ssm, region, "configure_agent", Parameters={"action": ["stop"]})

    found = [each for each in check(region, account, Window(24)) if each.resource == CONFIGURE]

    assert [each.status for each in found] == [Status.FAILED]
    assert "exists 2 times (" in found[0].message


@pytest.mark.parametrize(
    ("document", "parameters", "effect"),
    [
        ("AmazonCloudWatch-ManageAgent", {"action": ["stop"]}, "stops the CloudWatch agent"),
        ("AmazonCloudWatch-ManageAgent", {"action": ["configure"]}, "replaces the configuration"),
        (
            "AWS-ConfigureAWSPackage",
            {"action": ["Uninstall"], "name": ["AmazonCloudWatchAgent"]},
            "uninstalls the CloudWatch agent",
        ),
    ],
)
def test_an_association_of_others_that_takes_the_agent_away_is_found_and_deleted_as_advised(
    aws: LocalAws,
    region: RegionPlan,
    account: AccountAccess,
    ssm: Any,
    document: str,
    parameters: dict[str, list[str]],
    effect: str,
) -> None:
    ssm.create_association(
        Name=document,
        AssociationName="others",
        Targets=[{"Key": "tag:OS", "Values": ["Windows"]}],
        Parameters=parameters,
    )

    found = association_checks(region, account)["others"]

    assert found.status is Status.WARNING
    assert f"does not belong to the deployment, and {effect}" in found.message
    assert follow(aws, region, found.message) == ["delete-association"]
    assert "others" not in association_checks(region, account)


def test_an_association_of_others_that_leaves_the_agent_at_work_is_no_concern(
    region: RegionPlan, account: AccountAccess, ssm: Any
) -> None:
    for name, document, parameters in (
        ("append", "AmazonCloudWatch-ManageAgent", {"action": ["configure (append)"]}),
        ("package", "AWS-ConfigureAWSPackage", {"action": ["Install"], "name": ["AWSSupportTool"]}),
    ):
        ssm.create_association(
            Name=document, AssociationName=name, InstanceId="i-12345678", Parameters=parameters
        )
    assert {"append", "package"}.isdisjoint(association_checks(region, account))
