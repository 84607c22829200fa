"""The policy that a key of the user's own needs."""

from typing import Any

from deployment import RegionPlan
from deployment.reports.permissions import key_policies
from deployment.resources.encryption_key import encryption_key
from tests.modules.synthesis import monitored_region

OWNER = "999999999999"
KEY = f"arn:aws:kms:ap-northeast-1:{OWNER}:key/11111111-1111-1111-1111-111111111111"
OWN_KEY = KEY.replace(OWNER, "111111111111")


def statements(*regions: RegionPlan, key: str = KEY) -> dict[str, Any]:
    found = key_policies(regions)
    assert found.keys() == {key}
    return {statement["Sid"]: statement for statement in found[key]["Statement"]}


def test_a_key_of_the_account_needs_the_policy_of_a_key_that_the_stack_would_create() -> None:
    created = encryption_key(monitored_region())
    assert created
    given = monitored_region(encryption={"key": OWN_KEY})
    assert tuple(key_policies([given])[OWN_KEY]["Statement"]) == created.statements


def test_no_key_is_named_where_the_stack_creates_it() -> None:
    assert key_policies([monitored_region(), monitored_region(encryption="none")]) == {}


def test_a_key_of_another_account_admits_the_account_and_its_log_groups() -> None:
    found = statements(monitored_region(encryption={"key": KEY}))
    assert found["AccountDecidesByIam"]["Principal"] == {"AWS": f"arn:aws:iam::{OWNER}:root"}
    assert found["OtherAccountsDecideByIam"]["Principal"] == {"AWS": ["arn:aws:iam::111111111111:root"]}
    groups = found["LogGroups"]["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert "arn:aws:logs:ap-northeast-1:111111111111:log-group:*Security" in groups


def test_a_key_of_several_accounts_admits_the_alarms_of_all() -> None:
    accounts = [
        monitored_region(id=each, encryption={"key": KEY}) for each in ("111111111111", "222222222222")
    ]
    condition = statements(*accounts)["AlarmsToTopics"]["Condition"]
    assert condition["StringEquals"]["aws:SourceAccount"] == ["111111111111", "222222222222"]


def test_a_key_of_topics_only_admits_no_log_group() -> None:
    notifications = {
        "kms_key": OWN_KEY,
        "subscriptions": [{"protocol": "email", "endpoint": "soc@example.com"}],
    }
    found = statements(monitored_region(encryption="none", notifications=notifications), key=OWN_KEY)
    assert "LogGroups" not in found
    assert "AlarmsToTopics" in found
