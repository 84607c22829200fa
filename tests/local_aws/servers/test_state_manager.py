"""What becomes of servers on which State Manager runs a deployment's associations, in every order."""

import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

pytest.importorskip("tree_sitter", reason="reads PowerShell with a grammar: pip install tree-sitter")

from catalog.derived.agent_scripts import AGENT_CONFIGURATION, AGENT_VERSION, CONFIGURATION_HASH
from deployment.resources.associations import STEPS, associations
from deployment.resources.documents import ordered_document, server_document
from local_aws import LocalAws
from local_aws.servers.state_manager import StateManager
from local_aws.servers.windows_server import WindowsServer
from tests.modules.synthesis import monitored_region

ACCOUNT, REGION = "111111111111", "ap-northeast-1"
TAGS = {"OS": "Windows Server 2019"}
AUDIT = "windows-security-audit-policy"
OWN = "AmazonCloudWatch-windows-security"


@pytest.fixture
def deployed(server: LocalAws) -> Callable[..., StateManager]:
    """The State Manager of an account with the associations of a region."""

    def deploy(configuration: str = "1", name: str = OWN, **settings: Any) -> StateManager:
        server.reset()
        ssm = server.client("ssm", ACCOUNT, REGION)
        region = monitored_region(**settings)
        empty = json.dumps({"schemaVersion": "2.2", "parameters": MODE, "mainSteps": []})
        if document := server_document(region):
            ssm.create_document(Name=document.name, DocumentType="Command", Content=document.content)
        ssm.create_document(Name=AUDIT, DocumentType="Command", Content=empty)
        for spec in associations(region):
            ssm.create_association(
                Name=spec.document,
                AssociationName=spec.name + ("-0a1b2c3d" if STEPS[spec.step].hashed else ""),
                Targets=[{"Key": f"tag:{key}", "Values": list(v)} for key, v in spec.targets.items()],
                Parameters={
                    **{key: [value] for key, value in spec.parameters.items()},
                    **(
                        {CONFIGURATION_HASH: [configuration], AGENT_CONFIGURATION: [name]}
                        if spec.document == region.names.server_document
                        else {}
                    ),
                },
            )
        return StateManager(ssm)

    return deploy


MODE = {"mode": {"type": "String", "default": "apply", "allowedValues": ["apply", "report"]}}
Deployed = Callable[..., StateManager]


def new_server() -> WindowsServer:
    """A server on which nothing was installed."""
    return WindowsServer(tags=TAGS)


def watched_server(manager: StateManager) -> WindowsServer:
    server = new_server()
    manager.run(server)
    return server


def test_a_new_server_is_watched_after_its_first_run_in_every_order(deployed: Deployed) -> None:
    manager = deployed()
    for order in permutations(range(2)):
        server = new_server()
        assert set(manager.run(server, order).values()) == {0}
        assert server.running
        assert server.configurations == {OWN}


def test_with_separate_associations_some_orders_leave_a_new_server_dark(deployed: Deployed) -> None:
    manager = deployed(associations={"layout": "separate"})
    outcomes = set()
    for order in permutations(range(4)):
        server = new_server()
        manager.run(server, order)
        outcomes.add(server.running)
    assert outcomes == {True, False}


def test_a_run_that_finds_everything_in_order_does_not_restart_the_agent(deployed: Deployed) -> None:
    manager = deployed()
    server = watched_server(manager)
    manager.run(server)
    assert server.starts == 1


def test_an_agent_whose_folder_was_deleted_comes_back(deployed: Deployed) -> None:
    manager = deployed()
    server = watched_server(manager)
    server.delete_agent()
    assert set(manager.run(server).values()) == {0}
    assert server.running
    assert server.configurations == {OWN}


def test_with_separate_associations_a_deleted_agent_stays_away(deployed: Deployed) -> None:
    manager = deployed(associations={"layout": "separate"})
    server = watched_server(manager)
    server.delete_agent()
    manager.run(server)
    assert not server.running


def test_a_stopped_agent_is_started_again(deployed: Deployed) -> None:
    manager = deployed()
    server = watched_server(manager)
    server.running = False
    manager.run(server)
    assert server.running


def test_another_teams_configuration_survives(deployed: Deployed) -> None:
    manager = deployed()
    server = watched_server(manager)
    server.configure("AmazonCloudWatch-iis")
    manager.run(server)
    assert server.configurations == {OWN, "AmazonCloudWatch-iis"}


def test_another_teams_configuration_goes_where_it_is_to_be_replaced(deployed: Deployed) -> None:
    manager = deployed(agent_configuration={"mode": "replace"})
    server = new_server()
    server.install()
    server.configure("AmazonCloudWatch-iis")
    manager.run(server)
    assert server.configurations == {OWN}


def test_the_configuration_of_the_manual_procedure_is_removed(deployed: Deployed) -> None:
    manager = deployed()
    server = new_server()
    server.install()
    server.configure("AmazonCloudWatch-windows")
    manager.run(server)
    assert server.configurations == {OWN}


def test_the_manual_configuration_stays_where_nothing_is_replaced(
    deployed: Deployed,
) -> None:
    manager = deployed(agent_configuration={"replaces": ()})
    server = new_server()
    server.install()
    server.configure("AmazonCloudWatch-windows")
    manager.run(server)
    assert server.configurations == {OWN, "AmazonCloudWatch-windows"}


def test_the_former_parameters_configuration_is_removed(deployed: Deployed) -> None:
    server = watched_server(deployed(name="AmazonCloudWatch-former"))
    deployed().run(server)
    assert server.configurations == {OWN}


@pytest.mark.parametrize("layout", ["ordered", "separate"])
def test_with_either_layout_the_manual_and_the_former_configuration_are_removed(
    deployed: Deployed, layout: str
) -> None:
    server = new_server()
    server.install()
    server.configure("AmazonCloudWatch-windows")
    server.configure("AmazonCloudWatch-iis")
    deployed(name="AmazonCloudWatch-former", associations={"layout": layout}).run(server)
    deployed(associations={"layout": layout}).run(server)
    assert server.configurations == {OWN, "AmazonCloudWatch-iis"}


@pytest.mark.parametrize("layout", ["ordered", "separate"])
@pytest.mark.parametrize("others", [set(), {"AmazonCloudWatch-iis"}])
def test_before_a_destroy_the_configuration_is_taken_off_the_servers(
    deployed: Deployed, layout: str, others: set[str]
) -> None:
    server = watched_server(deployed())
    for name in others:
        server.configure(name)
    manager = deployed(agent_configuration={"mode": "remove"}, associations={"layout": layout})
    for _ in range(2):
        assert set(manager.run(server).values()) == {0}
        assert server.configurations == others
        assert server.running == bool(others)
        assert not server.has_default_configuration


def test_a_configuration_that_was_taken_off_can_be_applied_again(deployed: Deployed) -> None:
    server = watched_server(deployed())
    deployed(agent_configuration={"mode": "remove"}).run(server)
    deployed().run(server)
    assert server.running
    assert server.configurations == {OWN}


def test_a_server_without_an_agent_has_nothing_to_take_off(deployed: Deployed) -> None:
    server = new_server()
    assert set(deployed(agent_configuration={"mode": "remove"}).run(server).values()) == {0}
    assert not server.files


def test_another_configuration_is_applied(deployed: Deployed) -> None:
    server = watched_server(deployed())
    deployed(configuration="2").run(server)
    assert server.starts == 2


def test_a_server_under_a_domain_policy_fails_and_is_watched(deployed: Deployed) -> None:
    manager = deployed()
    server = new_server()
    server.documents[AUDIT] = (["failed        audit Logon: overruled by another policy."], 1)
    assert 1 in manager.run(server).values()
    assert server.running


def test_a_server_without_the_tags_is_not_touched(deployed: Deployed) -> None:
    server = WindowsServer(tags={"OS": "Linux"})
    assert deployed().run(server) == {}
    assert server.files == {}


def test_an_agent_that_cannot_be_installed_fails_the_run_with_a_sentence() -> None:
    document = json.loads(ordered_document(name="x", deployment="d", installs_agent=False).content)
    lines, status = new_server().execute(document)
    assert status == 1
    assert lines == [
        "The CloudWatch agent is not installed: see the output of the step installAgent.",
        "This server is not watched: the CloudWatch agent is not installed.",
    ]


def test_a_proxy_is_set_and_the_agent_restarted_again_after_an_upgrade(deployed: Deployed) -> None:
    manager = deployed(agent_configuration={"proxy": {"https_proxy": "http://proxy.example.com:3128"}})
    server = watched_server(manager)
    written = (
        '# common-config.toml of the package\n[proxy]\nhttps_proxy = "http://proxy.example.com:3128"\n'
        'no_proxy = "169.254.169.254"'
    )
    assert server.proxy == written
    manager.run(server)
    assert server.starts == 1
    server.install("another version")
    assert "[proxy]" not in server.proxy
    manager.run(server)
    assert (server.proxy, server.starts) == (written, 2)


def test_a_hybrid_node_is_refused_with_what_it_needs() -> None:
    document = ordered_document(name="x", deployment="d")
    node = WindowsServer(node_id="mi-0123456789abcdef0")
    lines, status = node.execute(json.loads(document.content))
    assert status == 1
    assert [line for line in lines if "hybrid node" in line and "onPremise" in line]
    assert node.configurations == set()


def test_systems_manager_and_terraform_find_nothing_to_replace_in_the_document() -> None:
    content = ordered_document(name="x", deployment="d", audit_document=AUDIT).content
    assert content.isascii()
    for parameter in (CONFIGURATION_HASH, AGENT_CONFIGURATION, AGENT_VERSION):
        content = content.replace(f"{{{{ {parameter} }}}}", "0a1b2c3d")
    assert not [mark for mark in ("{{", "${", "%{") if mark in content]
