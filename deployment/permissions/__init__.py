"""What IAM must allow to those who work with a deployment, as data."""

from enum import Enum


class PermissionRole(Enum):
    """Who needs permissions."""

    DEPLOY = "deploy"
    """Who applies and destroys the stacks."""
    PLAN = "plan"
    """Who only plans."""
    VERIFY = "verify"
    """Who runs ``verify checks`` and ``verify patterns``."""
    DRILL = "drill"
    """Who runs ``verify drill``."""
    RECOVER = "recover"
    """Who runs ``recover``."""
    STATE = "state"
    """Who reaches the state in S3, where that is not who deploys and plans."""
    PREFLIGHT = "preflight"
    """Who runs ``deployment preflight``."""
