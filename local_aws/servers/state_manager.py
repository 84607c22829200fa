"""State Manager: runs the associations of an account on simulated servers, in any order.

Systems Manager runs the associations of one server one at a time, in an order that it does not promise. A
failed one is retried at its next time only.
"""

from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Any

from local_aws.servers.service_events import emit
from local_aws.servers.windows_server import WindowsServer

_MODES = {
    "configure": "fetch-config",
    "configure (append)": "append-config",
    "configure (remove)": "remove-config",
}


class StateManager:
    """The associations of one account and region, as they are in the local AWS.

    Args:
        ssm: A client of Systems Manager of the account and region.
        account_id: The account, to put an event for each run on its default bus. Default: no events.
    """

    def __init__(self, ssm: Any, account_id: str = "") -> None:
        self._ssm = ssm
        self._account_id = account_id

    def run(self, server: WindowsServer, order: Iterable[int] | None = None) -> dict[str, int]:
        """Run every association whose targets the server has, and return the exit status of each by name.

        Args:
            server: The server.
            order: The places of the associations in the order to run them. Default: as they are listed.
        """
        listed = self._ssm.list_associations()["Associations"]
        chosen = [each for each in listed if _targets(each["Targets"], server.tags)]
        places = range(len(chosen)) if order is None else order
        statuses = {}
        for association in (chosen[i] for i in places):
            statuses[association["AssociationName"]] = status = self._run(association, server)
            if self._account_id:
                self._emit(association, server, status)
        return statuses

    def _emit(self, association: Mapping[str, Any], server: WindowsServer, status: int) -> None:
        """Put the association's state on the server on the default bus, as AWS documents it."""
        region = self._ssm.meta.region_name
        emit(
            self._account_id,
            region,
            source="aws.ssm",
            detail_type="EC2 State Manager Instance Association State Change",
            resources=[f"arn:aws:ec2:{region}:{self._account_id}:instance/{server.node_id}"],
            detail={
                "association-id": association["AssociationId"],
                "instance-id": server.node_id,
                "document-name": association["Name"],
                "status": "Failed" if status else "Success",
                "detailed-status": "Failed" if status else "Success",
                "error-code": "failed" if status else "",
                "execution-summary": f"1 out of 1 plugin processed, {'1 failed' if status else '1 success'}.",
            },
        )

    def _run(self, association: Mapping[str, Any], server: WindowsServer) -> int:
        described = self._ssm.describe_association(AssociationId=association["AssociationId"])
        given = described["AssociationDescription"].get("Parameters", {})
        parameters = {name: values[0] for name, values in given.items()}
        match association["Name"]:
            case "AWS-UpdateSSMAgent" | "AWS-UpdateEC2Config":
                return 0
            case "AWS-ConfigureAWSPackage":
                server.install(parameters.get("version", "newest"))
                return 0
            case "AmazonCloudWatch-ManageAgent":
                location = parameters["optionalConfigurationLocation"]
                return server.control(_MODES[parameters["action"]], location)[1]
            case name:
                content = self._ssm.get_document(Name=name)["Content"]
                for parameter, described in loads(content).get("parameters", {}).items():
                    value = parameters.get(parameter, described.get("default", ""))
                    content = content.replace(f"{{{{ {parameter} }}}}", value)
                return server.execute(loads(content))[1]


def _targets(targets: Sequence[Mapping[str, Any]], tags: Mapping[str, str]) -> bool:
    return all(tags.get(each["Key"].removeprefix("tag:")) in each["Values"] for each in targets)
