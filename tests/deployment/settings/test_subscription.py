import pytest
from pydantic import ValidationError

from deployment.settings.notifications import Subscription


def problem(endpoint: str) -> str:
    with pytest.raises(ValidationError) as raised:
        Subscription.model_validate({"protocol": "https", "endpoint": endpoint})
    return str(raised.value)


@pytest.mark.parametrize(
    ("endpoint", "product"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", "Slack"),
        ("https://HOOKS.slack.com/triggers/T0/1/x", "Slack"),
        ("https://example.webhook.office.com/webhookb2/x", "Microsoft Teams"),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/x", "Microsoft Teams"),
        ("https://discord.com/api/webhooks/1/x", "Discord"),
        ("https://canary.discord.com/api/v10/webhooks/1/x", "Discord"),
        ("https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t", "Google Chat"),
        ("https://webexapis.com/v1/webhooks/incoming/x", "Webex"),
    ],
)
def test_an_incoming_webhook_is_refused_with_the_way_that_works(endpoint: str, product: str) -> None:
    found = problem(endpoint)
    assert f"is an incoming webhook of {product}" in found
    assert "protocol lambda" in found
    has_channels = product in ("Slack", "Microsoft Teams")
    assert ("Amazon Q Developer in chat applications" in found) is has_channels


def test_the_secret_part_of_a_webhook_is_not_in_the_message_of_the_deployment() -> None:
    with pytest.raises(ValidationError) as raised:
        Subscription.model_validate(
            {"protocol": "https", "endpoint": "https://hooks.slack.com/services/T0/B0/secret"}
        )
    assert "secret" not in raised.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    "endpoint", ["https://events.pagerduty.com/integration/x/enqueue", "https://discord.com/channels/1"]
)
def test_an_endpoint_that_confirms_itself_is_taken(endpoint: str) -> None:
    assert Subscription.model_validate({"protocol": "https", "endpoint": endpoint}).endpoint == endpoint
