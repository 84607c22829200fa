"""Sample events of the family firewall."""

from catalog.model.provider import FIREWALL, SERVICE_CONTROL_MANAGER
from catalog.samples import Samples
from catalog.samples.windows_event import DOMAIN_SID, windows_event

FAILURE = {"ErrorCode": "5"}


def logged_setting(kind: str, value: str) -> str:
    """Return a changed setting of a profile, by the firewall's own log."""
    values = {
        "Profiles": "4",
        "SettingType": kind,
        "SettingValueSize": "4",
        "SettingValue": value,
        "SettingValueString": "No",
        "Origin": "1",
        "ModifyingUser": f"{DOMAIN_SID}-1104",
        "ModifyingApplication": r"C:\Windows\System32\netsh.exe",
    }
    return windows_event(2003, values, provider=FIREWALL)


def rule(event_id: int, name: str = "Remote Desktop - User Mode (TCP-In)") -> str:
    """Return a change of a firewall rule."""
    return windows_event(
        event_id, {"ProfileChanged": "All", "RuleId": "RemoteDesktop-UserMode-In-TCP", "RuleName": name}
    )


def setting(kind: str, value: str) -> str:
    """Return a change of a firewall setting."""
    return windows_event(4950, {"ProfileChanged": "Public", "SettingType": kind, "SettingValue": value})


def failed(event_id: int) -> str:
    """Return a failure of the firewall's service or driver."""
    return windows_event(event_id, FAILURE, failure=True)


SAMPLES = {
    "firewall-rule-added": Samples(
        matching={
            "Remote Desktop": rule(4946),
            "on a Japanese server": rule(4946, "リモート デスクトップ (TCP 受信)"),
        },
        not_matching={
            "changed": rule(4947),
            "deleted": rule(4948),
            "listed at the start": windows_event(4945, {"RuleName": "4946"}),
        },
    ),
    "firewall-rule-changed": Samples(
        matching={"Remote Desktop": rule(4947)},
        not_matching={"added": rule(4946), "deleted": rule(4948), "its name is the id": rule(4946, "4947")},
    ),
    "firewall-rule-deleted": Samples(
        matching={"Remote Desktop": rule(4948)},
        not_matching={"added": rule(4946), "changed": rule(4947), "all of them": windows_event(4949)},
    ),
    "firewall-reset-to-defaults": Samples(
        matching={"with netsh": windows_event(4949)},
        not_matching={"one rule": rule(4948), "one setting": setting("Default Inbound Action", "Block")},
    ),
    "firewall-setting-changed": Samples(
        matching={
            "switched off": setting("Enable Windows Firewall", "No"),
            "switched on": setting("Enable Windows Firewall", "Yes"),
            "on a Japanese server": setting("Windows ファイアウォールを有効にする", "いいえ"),
        },
        not_matching={
            "by Group Policy": windows_event(4954),
            "a rule": rule(4947),
            "the active profile": windows_event(4956, {"ActiveProfile": "Public"}),
        },
    ),
    "firewall-group-policy-changed": Samples(
        matching={"new settings": windows_event(4954)},
        not_matching={"a local setting": setting("Enable Windows Firewall", "No"), "a rule": rule(4947)},
    ),
    "firewall-service-stopped": Samples(
        matching={"at a shutdown": windows_event(5025)},
        not_matching={
            "started": windows_event(5024),
            "its driver stopped": windows_event(5034),
            "disabled": windows_event(
                7040,
                {"param1": "Windows Defender Firewall", "param3": "disabled", "param4": "mpssvc"},
                provider=SERVICE_CONTROL_MANAGER,
            ),
        },
    ),
    "firewall-policy-unreadable": Samples(
        matching={"access denied": failed(5027)},
        not_matching={"not understood": failed(5028), "stopped": windows_event(5025)},
    ),
    "firewall-policy-not-parsed": Samples(
        matching={"a new policy": failed(5028)},
        not_matching={
            "unreadable": failed(5027),
            "the code is the id": windows_event(5027, {"ErrorCode": "5028"}),
        },
    ),
    "firewall-driver-not-initialised": Samples(
        matching={"access denied": failed(5029)},
        not_matching={"the service did not start": failed(5030), "the driver did not": failed(5035)},
    ),
    "firewall-service-not-started": Samples(
        matching={"access denied": failed(5030)},
        not_matching={"stopped": windows_event(5025), "the driver": failed(5035)},
    ),
    "firewall-driver-stopped": Samples(
        matching={"unloaded": windows_event(5034)},
        not_matching={
            "the service": windows_event(5025),
            "started": windows_event(5033),
            "an error": failed(5037),
        },
    ),
    "firewall-driver-not-started": Samples(
        matching={"access denied": failed(5035)},
        not_matching={"started": windows_event(5033), "the service": failed(5030)},
    ),
    "firewall-driver-failed": Samples(
        matching={"a critical error": failed(5037)},
        not_matching={"not started": failed(5035), "stopped": windows_event(5034)},
    ),
    "ike-denial-of-service-prevention-started": Samples(
        matching={"too many negotiations": windows_event(4646, {"notification": "%%8222"})},
        not_matching={
            "a negotiation that failed": windows_event(4653, {"FailureReason": "4646"}),
            "a logon from port 4646": windows_event(4624, {"IpPort": "4646"}),
        },
    ),
    "firewall-profile-turned-off": Samples(
        matching={"the public profile": logged_setting("1", "00000000")},
        not_matching={
            "turned on": logged_setting("1", "01000000"),
            "another setting": logged_setting("4", "00000000"),
            "of another size": logged_setting("1", "0000000000000000"),
        },
    ),
}
