"""The Systems Manager documents: the audit policy, and the ordered steps that make a server watched."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.derived.agent_configuration import minified
from catalog.derived.agent_scripts import (
    AGENT_CONFIGURATION,
    AGENT_VERSION,
    CONFIGURATION_HASH,
    WIZARD_PARAMETER,
    ConfigurationMode,
    configure_script,
    prove_script,
    proxy_script,
    repair_script,
)
from catalog.derived.audit_script import AuditMode, audit_document
from catalog.model.prerequisite import Prerequisite
from catalog.model.security_event import SecurityEvent
from deployment.aws.limits import DOCUMENT_BYTES
from deployment.resolution.region_plan import RegionPlan
from deployment.resources.agent_configuration import region_agent_configuration
from deployment.resources.associations import associations
from deployment.settings.associations import Layout
from deployment.settings.audit_policy import AbsentPath
from deployment.settings.servers import ProxySettings

#: The parameter of the document that changes with the audit policy.
POLICY_HASH = "policyHash"
_HASHES = {
    CONFIGURATION_HASH: "Changes with the agent's configuration",
    POLICY_HASH: "Changes with the audit policy",
}
#: What stands in a document's description before the id of its last change.
_CHANGE = "; change "
_CHANGE_ID_LENGTH = 36
_HASH = {"type": "String", "default": "", "allowedPattern": "^[0-9a-f]*$"}
_PER_SERVER = {
    AGENT_VERSION: ("The version of the agent, empty for the newest", "^[0-9.b]*$"),
    AGENT_CONFIGURATION: ("The parameter with the agent's configuration", "^[a-zA-Z0-9_.-]*$"),
}


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """A Systems Manager document of type Command, in JSON."""

    name: str
    content: str

    @property
    def content_hash(self) -> str:
        """Changes with the content, and with nothing else."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:8]

    def content_of_change(self, change_id: str) -> str:
        """Return the content with the id of a change in its description, which no other version has."""
        content = json.loads(self.content)
        content["description"] += f"{_CHANGE}{change_id}"
        return json.dumps(content)

    def is_content(self, text: str) -> bool:
        """Return whether a version of the document has this content, of whichever change."""
        found = json.loads(text)
        found["description"] = found.get("description", "").partition(_CHANGE)[0]
        return bool(found == json.loads(self.content))


def document_of(
    events: Iterable[SecurityEvent],
    *,
    name: str,
    security_log_bytes: int,
    prerequisites: Iterable[Prerequisite] = (),
    absent: AbsentPath = AbsentPath.REPORT,
) -> DocumentSpec:
    """Return the document that applies the audit policy of some events.

    Raises:
        CatalogError: The size is not one that Windows can set.
        ValueError: The document would be larger than Systems Manager takes.
    """
    policy = audit_document(
        events,
        security_log_bytes=security_log_bytes,
        prerequisites=prerequisites,
        absent_fails=absent is AbsentPath.FAIL,
    )
    spec = DocumentSpec(name, json.dumps(policy))
    size = len(spec.content_of_change("0" * _CHANGE_ID_LENGTH).encode())
    if size > DOCUMENT_BYTES:
        raise ValueError(
            f"document {name}: it has {size:,} bytes, over the {DOCUMENT_BYTES:,} that Systems Manager "
            "takes; watch fewer paths"
        )
    return spec


def audit_policy_document(plan: RegionPlan) -> DocumentSpec | None:
    """Return the audit policy document of a region; None where the policy is not applied."""
    if not plan.settings.associations.apply_audit_policy.enabled:
        return None
    return document_of(
        plan.collected_events,
        name=plan.names.audit_policy_document,
        security_log_bytes=plan.settings.audit_policy.security_log_bytes,
        prerequisites=plan.settings.audit_policy.prerequisites,
        absent=plan.settings.audit_policy.absent,
    )


def server_document(plan: RegionPlan) -> DocumentSpec | None:
    """Return the document whose ordered steps make a region's servers watched; None where nothing runs it.

    With the layout separate, it only configures the agent.
    """
    if not any(spec.document == plan.names.server_document for spec in associations(plan)):
        return None
    settings, chosen, names = plan.settings, plan.settings.associations, plan.names
    is_ordered = chosen.layout is Layout.ORDERED
    policy = audit_policy_document(plan) if is_ordered else None
    return ordered_document(
        name=names.server_document,
        deployment=names.name,
        installs_agent=is_ordered and chosen.install_agent.enabled,
        configures_agent=chosen.configure_agent.enabled,
        mode=settings.agent_configuration.mode,
        replaces=settings.agent_configuration.replaces,
        proxy=settings.agent_configuration.proxy,
        audit_document=policy.name if policy else "",
        audit_mode=settings.audit_policy.mode,
    )


def ordered_document(
    *,
    name: str,
    deployment: str,
    installs_agent: bool = True,
    configures_agent: bool = True,
    mode: ConfigurationMode = ConfigurationMode.APPEND,
    replaces: Sequence[str] = (WIZARD_PARAMETER,),
    proxy: ProxySettings | None = None,
    audit_document: str = "",
    audit_mode: AuditMode = AuditMode.APPLY,
) -> DocumentSpec:
    """Return the document that installs and configures the agent, applies the audit policy, and proves it.

    A step that fails fails the run; the later ones run nevertheless, so that an agent that can ship does.

    Args:
        name: The document's name.
        deployment: The deployment's name: what it applied to a server is remembered under it.
        installs_agent: Whether the agent is repaired and installed. Default: true.
        configures_agent: Whether the agent gets a configuration, and is proven. Default: true.
        mode: What happens to other configurations on a server; or that this one is taken away, which is the
            only step then. Default: they stay.
        replaces: The parameters whose configuration is removed. Default: that of the agent's wizard.
        proxy: The proxy of the agent. Default: none is written.
        audit_document: The audit policy document. Default: none is applied.
        audit_mode: Whether to apply the audit policy or only to report. Default: apply.
    """
    steps: list[dict[str, Any]] = []
    script = configure_script(deployment=deployment, mode=mode, replaced=replaces)
    if mode is ConfigurationMode.REMOVE:
        steps.append(_script("removeConfiguration", script))
        installs_agent, configures_agent, audit_document = False, False, ""
    if installs_agent:
        package = {
            "action": "Install",
            "installationType": "Uninstall and reinstall",
            "name": "AmazonCloudWatchAgent",
            "version": f"{{{{ {AGENT_VERSION} }}}}",
        }
        steps += [
            _script("repairAgent", repair_script()),
            _step("installAgent", "aws:configurePackage", package),
        ]
    if configures_agent and proxy:
        wanted = proxy.model_dump(exclude_none=True)
        steps.append(_script("setProxy", proxy_script(wanted, deployment=deployment)))
    if configures_agent:
        steps.append(_script("configureAgent", script))
    if audit_document:
        inputs = {
            "documentType": "SSMDocument",
            "documentPath": audit_document,
            "documentParameters": {"mode": audit_mode.value},
        }
        steps.append(_step("applyAuditPolicy", "aws:runDocument", inputs))
    if configures_agent:
        steps.append(_script("proveAgent", prove_script()))
    description = "Makes a server watched: agent, configuration, audit policy, proof"
    content = {
        "schemaVersion": "2.2",
        "description": description,
        "parameters": {
            **{name: {**_HASH, "description": what} for name, what in _HASHES.items()},
            **{
                name: {"type": "String", "default": "", "allowedPattern": pattern, "description": what}
                for name, (what, pattern) in _PER_SERVER.items()
            },
        },
        "mainSteps": steps,
    }
    return DocumentSpec(name, json.dumps(content))


def server_document_parameters(
    plan: RegionPlan, *, is_2012: bool = False, configuration_hash: str = ""
) -> dict[str, str]:
    """Return the parameters by which a change of what the document brings has it run at once.

    Args:
        plan: The region.
        is_2012: Whether the servers have Windows Server 2012 R2. Default: false.
        configuration_hash: Changes with the agent's configuration. Default: that of the plan's.
    """
    if not configuration_hash:
        value = minified(region_agent_configuration(plan, is_2012=is_2012))
        configuration_hash = hashlib.sha256(value.encode()).hexdigest()[:8]
    is_ordered = plan.settings.associations.layout is Layout.ORDERED
    policy = audit_policy_document(plan) if is_ordered else None
    return {CONFIGURATION_HASH: configuration_hash, **({POLICY_HASH: policy.content_hash} if policy else {})}


def _step(name: str, action: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": action,
        "name": name,
        "precondition": {"StringEquals": ["platformType", "Windows"]},
        "inputs": inputs,
    }


def _script(name: str, text: str) -> dict[str, Any]:
    return _step(name, "aws:runPowerShellScript", {"runCommand": text.splitlines()})
