import json

from modules import SecurityMonitoring
from tests.modules.synthesis import Synthesized, monitored_region, new_stack, synthesized


def stack(**settings: object) -> Synthesized:
    made = new_stack()
    SecurityMonitoring(made, "monitoring", region=monitored_region(**settings))
    return synthesized(made)


def test_the_rule_names_every_association_by_its_reference() -> None:
    written = stack()
    (detail,) = (
        json.loads(each["event_pattern"])["detail"] for each in written.all_of("aws_cloudwatch_event_rule")
    )
    assert sorted(detail["association-id"]) == sorted(
        f"${{aws_ssm_association.{name}.association_id}}" for name in written.resources("aws_ssm_association")
    )


def test_topic_and_key_admit_event_rules() -> None:
    written = stack()
    assert "events.amazonaws.com" in written.one("aws_kms_key")["policy"]
    topics = [
        p["policy"] for p in written.all_of("aws_sns_topic_policy") if "events.amazonaws" in p["policy"]
    ]
    assert len(topics) == 1


def test_a_disabled_notification_makes_no_rule_and_admits_no_rules() -> None:
    written = stack(association_failures={"enabled": False})
    assert written.all_of("aws_cloudwatch_event_rule") == []
    assert "events.amazonaws.com" not in written.one("aws_kms_key")["policy"]
