"""A local AWS that strikes at a chosen moment: it kills terraform, or lets its credentials expire."""

import os
import signal
import subprocess

from local_aws import Faults, Terraform
from local_aws.calls import ApiError, Call
from tests.iam_calls import RecordedCall


class Disturbance(Faults):
    """Strikes as terraform calls a chosen operation, and AWS acts on the call nevertheless.

    It sends a signal to `process`, if there is one, and lets the credentials expire, if `expiring`. `called`
    has the operations that were called since the last rest, `recorded` every call that terraform made, and
    `recorded_of_others` every call of a test, or of a command that it runs.
    """

    def __init__(self) -> None:
        super().__init__(rate=0)
        self.recorded: list[RecordedCall] = []
        self.recorded_of_others: list[RecordedCall] = []
        self.rest()

    def rest(self) -> None:
        """Disturb nothing any more."""
        self.rate = 0
        self.until: tuple[str, ...] = ()
        self.spared = 0
        self.signal = signal.SIGKILL
        self.process: subprocess.Popen[str] | None = None
        self.expiring = self.expired = False
        self.called: list[str] = []

    def apply(
        self,
        terraform: Terraform,
        *options: str,
        until: str | tuple[str, ...],
        spared: int = 0,
        by: signal.Signals = signal.SIGKILL,
    ) -> int:
        """Apply until an operation is called whose name begins so, and return terraform's exit code.

        Args:
            terraform: The stack.
            options: Those of `terraform apply`.
            until: What the operation's name begins with.
            spared: How many such calls are let through before.
            by: The signal to send.
        """
        self.until = (until,) if isinstance(until, str) else until
        self.spared, self.signal = spared, by
        with terraform.start(
            *("apply", "-input=false", "-no-color", "-auto-approve", *options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            self.process = process
        self.process = None
        return process.returncode

    def strike(self, call: Call) -> None:
        self.called.append(call.operation)
        recorded = self.recorded if "Terraform" in call.user_agent else self.recorded_of_others
        recorded.append(
            RecordedCall(call.service, call.operation, call.parameters, call.account_id, call.region)
        )
        if call.operation.startswith(self.until):
            self.spared -= 1
            if self.spared < 0:
                self.expired = self.expiring
                if self.process is not None:
                    # The provider is a process of its own, which would not die with terraform.
                    os.killpg(self.process.pid, self.signal)
                    self.process = None
        if self.expired:
            raise ApiError("ExpiredToken", "The security token included in the request is expired")
        super().strike(call)
