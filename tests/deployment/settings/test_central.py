from collections.abc import Callable

from deployment import RegionPlan

Region = Callable[[str], RegionPlan]
BUS = "arn:{partition}:events:{region}:999999999999:event-bus/security"


def test_nothing_goes_to_a_security_account_unless_it_is_said(region_of_account: Region) -> None:
    central = region_of_account("").settings.central
    assert central.event_bus is central.log_destination is central.oam_sink is None


def test_one_arn_holds_for_every_region(region_of_account: Region) -> None:
    region = region_of_account(f"regions: [ap-northeast-1]\ncentral: {{event_bus: '{BUS}'}}")
    assert region.settings.central.event_bus == (
        "arn:aws:events:ap-northeast-1:999999999999:event-bus/security"
    )


def test_the_security_account_itself_can_leave_out_what_the_defaults_say(
    regions_of: Callable[[str], tuple[RegionPlan, ...]],
) -> None:
    member, security = regions_of(
        f"""\
        defaults:
          regions: [eu-central-1]
          notifications: {{subscriptions: [{{protocol: email, endpoint: a@example.com}}]}}
          central: {{event_bus: '{BUS}', oam_sink: 'arn:aws:oam:{{region}}:999999999999:sink/abc'}}
        accounts:
          member: {{id: 111111111111}}
          security: {{id: 999999999999, central: {{oam_sink: null}}}}
        """
    )
    assert member.settings.central.oam_sink == "arn:aws:oam:eu-central-1:999999999999:sink/abc"
    assert security.settings.central.oam_sink is None
    assert security.settings.central.event_bus == member.settings.central.event_bus
