"""The least policies of who verifies and drills allow what the package says that it calls."""

import re
from pathlib import Path

import verify as package
from deployment import load, resolve
from deployment.permissions import PermissionRole
from deployment.permissions.roles import grants

EVERYTHING = Path(__file__).resolve().parents[1] / "compatibility" / "everything.yaml"


def test_policies_allow_every_documented_permission() -> None:
    documented = set(re.findall(r"``([a-z0-9]+:[A-Za-z]+)``", str(package.__doc__)))
    allowed = {
        action
        for region in resolve(load(EVERYTHING))
        for role in (PermissionRole.VERIFY, PermissionRole.DRILL)
        for grant in grants(region, role)
        for action in grant.actions
    }
    assert documented - allowed == set()
