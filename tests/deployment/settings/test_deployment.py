from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from deployment import Account, Deployment, EventOverride, Settings
from deployment.settings.model import Model

Problems = Callable[[str], list[str]]


def _models(model: type[BaseModel] = Model) -> Iterator[type[BaseModel]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _models(subclass)


def test_every_setting_is_described() -> None:
    undescribed = [
        f"{model.__name__}.{name}"
        for model in _models()
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert not undescribed


def test_every_setting_with_a_default_tells_it() -> None:
    silent = [
        f"{model.__name__}.{name}"
        for model in _models()
        for name, field in model.model_fields.items()
        if not field.is_required() and "efault" not in (field.description or "")
    ]
    # The type of a state is never left out, and these hold settings that tell their own.
    assert set(silent) <= {
        "LocalState.type",
        "Deployment.defaults",
        *(
            f"{model}.{group}"
            for model in ("Settings", "Account")
            for group in ("notifications", "associations")
        ),
    }


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().retention_days = 7


def test_settings_can_be_written_in_python() -> None:
    deployment = Deployment(
        defaults=Settings(events={"logon-failed-network": EventOverride(threshold=5)}),
        accounts={"production": Account(id="111111111111", regions=("eu-central-1",))},
    )
    assert deployment.accounts["production"].regions == ("eu-central-1",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"retention_dayz": 5}, "no such setting; did you mean retention_days?"),
        ({"packs": "baseline"}, "must be a list (a line '- value' for each), not 'baseline'"),
        ({"packs": None}, "must be a list (a line '- value' for each), not nothing"),
        ({"events": ["x"]}, "must be a mapping (name: value), not a list"),
        ({"tags": None}, "must be a mapping (name: value), not nothing"),
        ({"tags": {"a": ["x"]}}, "must be text, not a list"),
        ({"notifications": 5}, "must be a mapping (name: value), not 5"),
        ({"language": "jp"}, "'jp': must be 'en' or 'ja'"),
        ({"language": "EN"}, "'EN': must be 'en' or 'ja'"),
        (
            {"host_metrics": "standart"},
            "'standart': must be 'none', 'basic', 'standard' or 'advanced'; did you mean standard?",
        ),
        ({"collection": True}, "true: must be 'event_ids', 'matching' or 'levels'"),
        ({"regions": []}, "must have 1 or more entries, not 0"),
        ({"regions": ["eu-central-1", "eu-central-1"]}, "'eu-central-1' is given twice"),
        ({"regions": [5]}, "must be text, not 5"),
        ({"packs": ["baseline", "baseline"]}, "'baseline' is given twice"),
        ({"retention_days": "30"}, "must be a whole number, not '30'"),
        ({"targets": {}}, "must have 1 or more entries, not 0"),
        ({"targets": {f"k{n}": ["x"] for n in range(6)}}, "must have 5 or fewer entries, not 6"),
        ({"targets": {"OS": []}}, "must have 1 or more entries, not 0"),
        ({"targets": {"OS": [str(n) for n in range(51)]}}, "must have 50 or fewer entries, not 51"),
        ({"configuration_admin_role": 1}, "must be true or false, not 1"),
        ({"server_role": {"existing": "x", "policy": "managed"}},
         "policy is for the role created here: nothing is attached to an existing one"),
        ({"output_bucket": {"existing": "abc", "expiration_days": 5}},
         "expiration_days is for the bucket created here: an existing one has rules of its own"),
        ({"encryption": {"customer_managed": False, "key": "arn:aws:kms:eu-central-1:111111111111:key/x"}},
         "names a key, and 'customer_managed: false' says that none is used: leave one out"),
        ({"output_bucket": {"expiration_days": 0}}, "must be 1 or more, not 0"),
        ({"output_bucket": {"expiration_days": 5000}}, "must be 3650 or less, not 5000"),
        ({"output_bucket": False}, "must be a mapping (name: value), not false"),
        ({"events": {"logon-failed-network": {"actions": []}}}, "must have 1 or more entries, not 0"),
        ({"notifications": {"subscriptions": [{"protocol": "email"}]}},
         "is missing: where to: an e-mail address, an https:// address, the ARN of a queue or function "
         "({region}, {account_id} and {partition} are filled in), or a telephone number such as "
         "+819012345678"),
        ({"assume_role": {"external_id": "abc"}}, "is missing: the role's ARN, or its name in the account"),
        ({"id": "111111111111"}, "belongs to an account, under accounts"),
        ({"associations": {"install": {}}},
         "no such setting; did you mean install_agent?"),
        ({"associations": {"zzz": {}}},
         "no such setting; there are layout, update_ssm_agent, update_ec2config, watch_servers, "
         "install_agent, apply_audit_policy, configure_agent"),
    ],
)  # fmt: skip
def test_malformed_settings_are_told_in_a_sentence(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(data)
    assert [error["msg"] for error in refused.value.errors()] == [message]


@pytest.mark.parametrize("name", ["regions", "packs", "state"])
def test_a_setting_at_the_top_is_told_where_it_belongs(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Deployment.model_validate({"accounts": {"a": {"id": "111111111111"}}, name: "x"})
    assert [error["msg"] for error in refused.value.errors()] == [
        "belongs under defaults, or under an account in accounts"
    ]


def test_a_list_with_a_malformed_entry_is_not_called_too_short_as_well() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"regions": ["x"]})
    assert len(refused.value.errors()) == 1


@pytest.mark.parametrize(
    ("protocol", "endpoint", "message"),
    [
        ("email", "+819012345678", "'+819012345678' is not an e-mail address"),
        ("https", "a@example.com", "'a@example.com' is not an address that begins with https://"),
        ("sms", "a@example.com", "'a@example.com' is not a telephone number with its country, such as "
                                 "+819012345678"),
        ("sqs", "x", "'x' is not the ARN of an SQS queue, such as arn:aws:sqs:{region}:{account_id}:alarms"),
        ("lambda", "x", "'x' is not the ARN of a Lambda function, such as "
                        "arn:aws:lambda:{region}:{account_id}:function:notify"),
    ],
)  # fmt: skip
def test_an_endpoint_must_suit_its_protocol(protocol: str, endpoint: str, message: str) -> None:
    subscription = {"protocol": protocol, "endpoint": endpoint}
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"notifications": {"subscriptions": [subscription]}})
    (error,) = refused.value.errors()
    assert error["msg"] == message
    assert error["loc"] == ("notifications", "subscriptions", 0, "endpoint")


def test_numbers_and_booleans_are_text_where_text_is_wanted() -> None:
    settings = Settings.model_validate(
        {
            "tags": {"CostCenter": 4711, "Audited": True},
            "targets": {"Year": [2022]},
            "associations": {"install_agent": {"max_errors": 0, "max_concurrency": 5}},
        }
    )
    assert settings.tags == {"CostCenter": "4711", "Audited": "true"}
    assert settings.targets == {"Year": ("2022",)}
    association = settings.associations.install_agent
    assert (association.max_errors, association.max_concurrency) == ("0", "5")
