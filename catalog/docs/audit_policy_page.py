"""``docs/reference/audit-policy.md``: what Windows has to be set to write, and which event needs it."""

from catalog.derived.audit_script import (
    FILE_RIGHTS,
    REGISTRY_RIGHTS,
    SECURITY_LOG_BYTES,
    AuditRequirement,
    audit_requirements,
)
from catalog.docs.audit_noise import NOISE
from catalog.docs.markdown import anchor, page, table, text
from catalog.events import EVENTS
from catalog.model.audit_policy import AuditSubcategory, Subcategory
from catalog.model.prerequisite import Prerequisite

_FORCE = (
    r"reg add HKLM\SYSTEM\CurrentControlSet\Control\Lsa /v SCENoApplyLegacyAuditPolicy /t REG_DWORD /d 1 /f"
)


def audit_policy_page() -> str:
    """Return the page."""
    requirements = audit_requirements(EVENTS)
    needed = {requirement.subcategory for requirement in requirements}
    always = ", ".join(f"`{event.key}`" for event in EVENTS if event.audit is None)
    others = ", ".join(each.value.title for each in AuditSubcategory if each not in needed)
    return page(
        "# The audit policy",
        "Windows writes most security events only where the audit policy says so, and access to objects only "
        "where the object carries an audit entry (SACL). A deployment's association `apply_audit_policy` runs a "
        "Systems Manager document that sets exactly what the chosen events need, by the GUIDs below, since the "
        "names are translated: once, whenever the choice changes, and on a schedule. It switches nothing off. "
        "With `audit_policy: {mode: report}` it only reports how a server differs.",
        "`python -m catalog audit-policy --pack baseline` prints the commands for a choice of events, and with "
        "`--script` the whole PowerShell, for servers that Systems Manager does not reach.",
        "## What the document sets",
        table(
            ["Setting", "By hand", "Why"],
            [
                [
                    "Subcategories take precedence over the legacy audit categories",
                    f"`{_FORCE}`",
                    "Otherwise a legacy category in a group policy silently overrules them.",
                ],
                [
                    "Each subcategory that a chosen event needs",
                    "the `auditpol` commands below",
                    "Without it the event is never written.",
                ],
                [
                    "The Security log holds 1 GiB or more, and overwrites its oldest records",
                    f"`wevtutil sl Security /ms:{SECURITY_LOG_BYTES} /rt:false`",
                    "At 20 MB a busy server overwrites events before the agent is back from a restart.",
                ],
                [
                    "Audit entries for Everyone, success and failure, on the watched files and folders: "
                    f"{', '.join(FILE_RIGHTS)}",
                    "Properties, Security, Advanced, Auditing",
                    "Without one, access is not recorded.",
                ],
                [
                    f"The same on watched registry keys: {', '.join(REGISTRY_RIGHTS)}",
                    "regedit, Permissions, Advanced, Auditing",
                    "The same. Reading is left out: all programs do.",
                ],
            ],
        ),
        "A group policy that sets the same subcategories wins at its next refresh, about 90 minutes after the "
        "document. So each run keeps in the registry what held (`HKLM\\SOFTWARE\\windows-security`), and what held "
        "and is off again is set again and reported as `failed ... overruled by another policy`: the exit status "
        "is 1 and the server is non-compliant. A group policy does so at each run, on all servers that it "
        "applies to: change the group policy. One server, once, is a person or a program: read the record 4719. "
        "Audit entries are not kept, since a file that is replaced loses its own.",
        "## Prerequisites",
        "What some events need beside their subcategory. A setting of `audit_policy` has the document set it; the "
        "others are an administrator's. Off by default, since command lines can hold passwords and backups write a "
        "record for each file: `python -m catalog coverage` then says which events can never fire.",
        table(["The event needs", "Set by", "Manually", "Events"], [_need(each) for each in Prerequisite]),
        "## Subcategories",
        table(
            ["Subcategory", "GUID", "Needed", "On by default", "Events"],
            [_row(requirement) for requirement in requirements],
        ),
        f"Always written, whatever the policy: {always}.",
        f"No event of the catalog needs: {others}.",
        *(block for requirement in requirements for block in _section(requirement)),
    )


def _need(prerequisite: Prerequisite) -> list[str]:
    need = prerequisite.value
    events = [f"`{event.key}`" for event in EVENTS if prerequisite in event.prerequisites]
    manually = (
        f"`{need.manually}`" if need.manually.startswith(("reg ", "certutil ")) else text(need.manually)
    )
    setting = f"`audit_policy: {{{need.setting}: true}}`" if need.setting else ""
    return [text(need.title), setting, manually, ", ".join(events) or "own events"]


def _row(requirement: AuditRequirement) -> list[str]:
    subcategory = requirement.subcategory.value
    return [
        f"[{subcategory.title}](#{anchor(subcategory.title)})",
        f"`{subcategory.guid}`",
        _needed(requirement),
        _default(subcategory),
        str(len(requirement.events)),
    ]


def _section(requirement: AuditRequirement) -> tuple[str, ...]:
    subcategory = requirement.subcategory.value
    return (
        f"### {subcategory.title}",
        f"```bat\n{requirement.command}\n```",
        f"On by default: {_default(subcategory)}. Expected noise: {NOISE[requirement.subcategory]}",
        table(
            ["Event", "Id", "", "Audits", "On by default"],
            [
                [
                    f"`{event.key}`",
                    str(event.event_id),
                    text(event.title),
                    event.outcome.value,
                    subcategory.by_default(event.outcome),
                ]
                for event in requirement.events
            ],
        ),
    )


def _needed(requirement: AuditRequirement) -> str:
    return " and ".join(name for name in ("success", "failure") if getattr(requirement, name))


def _default(subcategory: Subcategory) -> str:
    return subcategory.default.value if subcategory.default else "nothing"
