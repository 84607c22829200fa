"""Sample events of the family autostart."""

from catalog.model.provider import TASK_SCHEDULER, WMI_ACTIVITY
from catalog.samples import Samples
from catalog.samples.windows_event import windows_event

UPDATER = r"\Example\Update"
PROTECTING = (
    r"\Microsoft\Windows\SystemRestore\SR",
    r"\Microsoft\Windows\Windows Defender\Windows Defender Scheduled Scan",
    r"\Microsoft\Windows\BitLocker\BitLocker Encrypt All Drives",
    r"\Microsoft\Windows\WindowsBackup\ConfigNotification",
    r"\Microsoft\Windows\ExploitGuard\ExploitGuard MDM policy Refresh",
)
WRITABLE = ("C:\\Users\\Public\\", "C:\\Windows\\Temp\\", "C:\\Temp\\", "C:\\PerfLogs\\")
WINDOWS_CONSUMER = 'NTEventLogEventConsumer="SCM Event Log Consumer"'


def task(event_id: int, name: str = UPDATER) -> str:
    """Return what the Task Scheduler says of a task that an account changed."""
    who = "UserContext" if event_id == 106 else "UserName"
    return windows_event(event_id, {"TaskName": name, who: r"EXAMPLE\sato"}, provider=TASK_SCHEDULER)


def action(program: str, event_id: int = 200) -> str:
    """Return that a task starts a program, or ended it (201)."""
    values = {
        "TaskName": UPDATER,
        "ActionName": program,
        "TaskInstanceId": "{b4d1e103-abb2-4443-8640-7d7ed3692e7a}",
        "EnginePID": "4120",
    }
    return windows_event(event_id, values, provider=TASK_SCHEDULER)


def subscription(consumer: str, event_id: int = 5861) -> str:
    """Return a subscription of WMI."""
    values = {
        "Namespace": "//./ROOT/subscription",
        "ESS": "Example",
        "CONSUMER": consumer,
        "PossibleCause": 'Binding EventFilter: \ninstance of __EventFilter\n{\n\tName = "Example";\n};\n',
    }
    return windows_event(event_id, values, provider=WMI_ACTIVITY)


SAMPLES = {
    "task-registered": Samples(
        matching={"by an account": task(106)},
        not_matching={"updated": task(140), "deleted": task(141)},
    ),
    "task-updated": Samples(
        matching={"by an account": task(140)},
        not_matching={"registered": task(106), "deleted": task(141)},
    ),
    "task-deleted": Samples(
        matching={"of a product": task(141)},
        not_matching={"disabled": task(142), "that protects Windows": task(141, PROTECTING[0])},
    ),
    "protection-task-deleted": Samples(
        matching={name: task(141, name) for name in PROTECTING},
        not_matching={"of a product": task(141), "disabled": task(142, PROTECTING[0])},
    ),
    "protection-task-disabled": Samples(
        matching={name: task(142, name) for name in PROTECTING},
        not_matching={
            "of a product": task(142),
            "enabled": task(143, PROTECTING[0]),
            "another task of Windows": task(142, r"\Microsoft\Windows\Defrag\ScheduledDefrag"),
        },
    ),
    "task-run-from-writable-folder": Samples(
        matching={
            f"{quote}{folder}": action(f"{quote}{folder}a.exe{quote}")
            for folder in WRITABLE
            for quote in ("", '"')
        },
        not_matching={
            "a program of Windows": action(r"C:\Windows\System32\cmd.exe"),
            "a program that ended": action(r"C:\Users\Public\a.exe", 201),
        },
    ),
    "wmi-subscription-created": Samples(
        matching={
            "of a command line": subscription('CommandLineEventConsumer="Example"'),
            "with a name much like Windows' own": subscription(
                'CommandLineEventConsumer="SCM Event Log Consumer"'
            ),
        },
        not_matching={
            "of Windows itself": subscription(WINDOWS_CONSUMER),
            "not permanent": windows_event(5860, {"User": "sato"}, provider=WMI_ACTIVITY),
        },
    ),
}
