"""The security account's own stacks: topics and an event bus for the alarms of the deployment beside it."""

from pathlib import Path

from deployment import Protocol, RegionPlan, Subscription, load, resolve
from modules import AccountProvider, CentralEventBus, CentralTopic

# After modules, which makes it start quickly.
from cdktf import App, LocalBackend, TerraformStack  # isort: skip

SECURITY_ACCOUNT = "999999999999"
BUS_REGION = "eu-central-1"
PEOPLE = Subscription(protocol=Protocol.EMAIL, endpoint="security-operations@example.com")
PROGRAMS = Subscription(protocol=Protocol.HTTPS, endpoint="https://tickets.example.com/alarms")


def build(app: App, regions: tuple[RegionPlan, ...]) -> None:
    """Add a stack for each region in which somebody is monitored."""
    for name in sorted({region.region_name for region in regions}):
        stack = TerraformStack(app, f"security-{name}")
        LocalBackend(stack, path=f"security-{name}.tfstate")
        AccountProvider(stack, "provider", account_id=SECURITY_ACCOUNT, region=name)
        CentralTopic(
            stack,
            "alarms",
            name="windows-security-central",
            account_id=SECURITY_ACCOUNT,
            region=name,
            accounts=[region.account_id for region in regions if region.region_name == name],
            subscriptions=[PEOPLE],
        )
        if name == BUS_REGION:
            _add_bus(stack, regions)


def _add_bus(stack: TerraformStack, regions: tuple[RegionPlan, ...]) -> None:
    """Add the bus, with a topic of its own: programs get the event as it is, people the mail of an alarm."""
    topic = CentralTopic(
        stack,
        "events",
        name="windows-security-events",
        account_id=SECURITY_ACCOUNT,
        region=BUS_REGION,
        accounts=[],
        subscriptions=[PROGRAMS],
        event_rules=True,
    )
    CentralEventBus(
        stack,
        "bus",
        name="windows-security",
        region=BUS_REGION,
        accounts=[region.account_id for region in regions],
        topic_arn=topic.arn,
    )


if __name__ == "__main__":
    app = App()
    build(app, resolve(load(Path(__file__).with_name("deployment.yaml"))))
    app.synth()
