from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import EVENTS, Severity
from deployment import Account, Deployment, EventOverride, Settings
from deployment.resolution.layers import Origin, is_written, merged

_KEYS = [event.key for event in EVENTS[:4]]
_TOPICS = [f"arn:aws:sns:eu-central-1:111111111111:{name}" for name in "xy"]
_OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "alarm": st.booleans(),
        "threshold": st.integers(1, 9),
        "period": st.sampled_from([60, 300]),
        "severity": st.sampled_from(["low", "high"]),
    },
)
#: Some of everything that is merged, and of what is replaced.
_SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "regions": st.lists(st.sampled_from(["eu-central-1", "eu-west-1"]), min_size=1, unique=True),
        "tags": st.dictionaries(st.sampled_from("ABC"), st.sampled_from(["x", "y", None])),
        "existing_log_groups": st.dictionaries(st.sampled_from(["Security", "System"]), st.just("group")),
        "composite_alarms": st.dictionaries(
            st.sampled_from("ab"),
            st.sampled_from([None, {"title": "x", "all_of": _KEYS}, {"title": "y", "any_of": _KEYS}]),
        ),
        "notifications": st.fixed_dictionaries(
            {},
            optional={
                "ok_actions": st.booleans(),
                "existing_topics": st.dictionaries(
                    st.sampled_from(["low", "high"]), st.sampled_from(_TOPICS)
                ),
            },
        ),
        "targets": st.dictionaries(st.sampled_from("ABC"), st.just(["x"]), min_size=1),
        "retention_days": st.sampled_from([7, 14, 30]),
        "packs": st.lists(st.sampled_from(["article", "baseline"]), unique=True),
        "events": st.dictionaries(st.sampled_from(_KEYS), _OVERRIDES),
        "associations": st.dictionaries(
            st.sampled_from(["update_ssm_agent", "install_agent"]),
            st.fixed_dictionaries(
                {}, optional={"max_errors": st.sampled_from(["1", "2"]), "enabled": st.booleans()}
            ),
        ),
        "server_role": st.sampled_from([{"policy": "least-privilege"}, {"existing": "x"}]),
        "output_bucket": st.sampled_from([None, {"prefix": "p"}, {"existing": "bucket"}]),
    },
)
_MERGED_WITHIN = ("events", "associations")
_MERGED_BY_NAME = (*_MERGED_WITHIN, "tags", "notifications", "composite_alarms")


def _expected(built_in: Any, *levels: dict[str, Any]) -> Any:
    """The layers on plain data, written again."""
    result = dict(built_in)
    for level in levels:
        for name, value in level.items():
            if name in _MERGED_BY_NAME:
                result[name] = dict(result[name])
                for key, entry in value.items():
                    old = result[name].get(key)
                    result[name][key] = {**old, **entry} if name in _MERGED_WITHIN and old else entry
            else:
                result[name] = value
    return result


@given(_SETTINGS, _SETTINGS)
def test_an_account_comes_before_the_defaults_and_these_before_the_built_in(
    defaults: dict[str, Any], account: dict[str, Any]
) -> None:
    settings = merged(
        merged(Settings(), Settings.model_validate(defaults)),
        Account.model_validate({"id": "111111111111", **account}),
    )
    combined = _expected(Settings().model_dump(mode="json", exclude={"regions"}), defaults, account)
    assert settings.model_dump(mode="json") == Settings.model_validate(combined).model_dump(mode="json")


def test_what_an_account_does_not_say_is_not_copied() -> None:
    defaults = Settings(tags={"a": "b"})
    assert merged(defaults, Account(id="111111111111")) is defaults
    assert merged(defaults, Account(id="111111111111", retention_days=7)).tags is defaults.tags


def test_an_override_is_merged_field_by_field() -> None:
    key = EVENTS[0].key
    defaults = Settings(events={key: EventOverride(threshold=5, severity=Severity.LOW)})
    account = Account(id="111111111111", events={key: EventOverride(severity=Severity.HIGH)})
    assert merged(defaults, account).events[key] == EventOverride(threshold=5, severity=Severity.HIGH)


def test_null_puts_an_override_back_to_the_catalog() -> None:
    key = EVENTS[0].key
    defaults = Settings(events={key: EventOverride(threshold=5)})
    account = Account(id="111111111111", events={key: EventOverride(threshold=None)})
    assert merged(defaults, account).events[key].threshold is None


@pytest.mark.parametrize(
    ("setting", "defaults", "account"),
    [
        ("targets", {"OS": ["x"], "Tier": ["web"]}, {"OS": ["y"]}),
        ("ec2config_targets", {"OS": ["x"], "Tier": ["web"]}, {}),
        ("existing_log_groups", {"Security": "a", "System": "b"}, {"Security": "c"}),
        ("existing_log_groups", {"Security": "a"}, {}),
    ],
)
def test_what_belongs_together_is_replaced_as_a_whole(
    setting: str, defaults: dict[str, Any], account: dict[str, Any]
) -> None:
    settings = merged(
        Settings.model_validate({setting: defaults}), Settings.model_validate({setting: account})
    )
    assert settings.model_dump(mode="json")[setting] == account


def test_topics_are_replaced_as_a_whole_and_the_other_notifications_stay() -> None:
    defaults = {"existing_topics": {"high": _TOPICS[0], "low": _TOPICS[0]}, "ok_actions": True}
    account = {"existing_topics": {"high": _TOPICS[1]}}
    notifications = merged(
        Settings.model_validate({"notifications": defaults}),
        Settings.model_validate({"notifications": account}),
    ).notifications
    assert notifications.existing_topics == {Severity.HIGH: _TOPICS[1]}
    assert notifications.ok_actions


_COMPOSITE = {"title": "x", "all_of": [EVENTS[0].key], "severity": "low"}


def test_null_takes_an_inherited_tag_or_composite_alarm_away_and_is_nothing_without_one() -> None:
    defaults = Settings.model_validate(
        {"tags": {"a": "b", "c": "d"}, "composite_alarms": {"a": _COMPOSITE, "b": _COMPOSITE}}
    )
    account = Settings.model_validate(
        {"tags": {"a": None, "e": None}, "composite_alarms": {"a": None, "c": None}}
    )
    settings = merged(defaults, account)
    assert settings.effective_tags == {"c": "d"}
    assert settings.effective_composite_alarms == {"b": defaults.composite_alarms["b"]}


def test_a_tag_or_composite_alarm_that_was_taken_away_can_be_given_again() -> None:
    given = Settings.model_validate({"tags": {"a": "b"}, "composite_alarms": {"a": _COMPOSITE}})
    taken = Settings.model_validate({"tags": {"a": None}, "composite_alarms": {"a": None}})
    settings = merged(merged(given, taken), given)
    assert (settings.effective_tags, settings.effective_composite_alarms) == (
        given.tags,
        given.composite_alarms,
    )


def test_a_composite_alarm_of_an_account_replaces_that_of_the_defaults_as_a_whole() -> None:
    defaults = Settings.model_validate({"composite_alarms": {"a": _COMPOSITE}})
    own = {"title": "y", "any_of": [EVENTS[1].key]}
    settings = merged(defaults, Settings.model_validate({"composite_alarms": {"a": own}}))
    assert settings.effective_composite_alarms["a"].model_dump(exclude_unset=True, mode="json") == own


_KEY = "arn:aws:kms:eu-central-1:111111111111:key/a"
_OTHER_KEY = "arn:aws:kms:eu-central-1:111111111111:key/b"


@pytest.mark.parametrize(
    ("defaults", "account", "customer_managed", "key"),
    [
        ({"key": _KEY}, "none", False, None),
        ({"key": _KEY}, {"customer_managed": False}, False, None),
        ({"key": _KEY}, {"customer_managed": True}, True, _KEY),
        ({"key": _KEY}, {"key": None}, True, None),
        ({"key": _KEY}, {"key": _OTHER_KEY}, True, _OTHER_KEY),
        ("none", {"key": _KEY}, True, _KEY),
        ("none", {"customer_managed": True}, True, None),
        ("none", {"key": None}, False, None),
        ({}, "none", False, None),
    ],
)
def test_an_account_says_alone_with_whose_key_it_is_encrypted(
    defaults: Any, account: Any, customer_managed: bool, key: str | None
) -> None:
    encryption = merged(
        merged(Settings(), Settings.model_validate({"encryption": defaults})),
        Settings.model_validate({"encryption": account}),
    ).encryption
    assert (encryption.customer_managed, encryption.key) == (customer_managed, key)


def test_a_schedule_of_one_association_leaves_its_other_settings_alone() -> None:
    built_in = Settings()
    over = Settings.model_validate({"associations": {"install_agent": {"max_errors": "0"}}})
    association = merged(built_in, over).associations.install_agent
    assert association.max_errors == "0"
    assert association.schedule == built_in.associations.install_agent.schedule


def _origin() -> Origin:
    deployment = Deployment.model_validate(
        {
            "defaults": {
                "regions": ["eu-central-1"],
                "events": {_KEYS[0]: {"threshold": 5}},
                "notifications": {"existing_topics": {"high": "arn:aws:sns:eu-central-1:111111111111:x"}},
            },
            "accounts": {"a": {"id": "111111111111", "events": {_KEYS[0]: {"period": 60}}}},
        }
    )
    return Origin(deployment, "a")


def test_a_value_is_placed_where_it_is_written() -> None:
    origin = _origin()
    assert origin.location_of("events", _KEYS[0], "period") == ("accounts", "a", "events", _KEYS[0], "period")
    assert origin.location_of("events", _KEYS[0], "threshold") == (
        "defaults",
        "events",
        _KEYS[0],
        "threshold",
    )
    assert origin.location_of("regions", 0) == ("defaults", "regions", 0)
    assert origin.location_of("notifications", "existing_topics", "high") == (
        *("defaults", "notifications", "existing_topics"),
        "high",
    )


def test_a_value_that_is_not_written_is_placed_as_near_as_possible() -> None:
    origin = _origin()
    assert origin.location_of("events", _KEYS[0], "severity") == ("accounts", "a", "events", _KEYS[0])
    assert origin.location_of("regions", 7) == ("defaults", "regions")
    assert origin.location_of("notifications", "subscriptions", 0) == ("defaults", "notifications")
    assert origin.location_of("packs") == ("accounts", "a")


def test_a_default_is_not_written() -> None:
    assert not is_written(Settings(), ("packs",))
    assert is_written(Settings(packs=()), ("packs",))
