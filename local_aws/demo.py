"""``python -m local_aws.demo``: the example deployment, applied to a local AWS.

What it shows comes from the API, not from any state. It writes to the folder ``.local-aws`` only, and touches
neither ``cdktf.out`` nor the states of a real deployment.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from local_aws.existing_resources import inventory
from local_aws.server import LocalAws
from local_aws.terraform import Terraform, TerraformError

PROJECT = Path(__file__).resolve().parents[1]
WORK = PROJECT / ".local-aws"
DEPLOYMENT = PROJECT / "deployment.yaml"
SAMPLE_EVENTS = PROJECT / "examples" / "sample_events"
#: Terraform waits for AWS most of the time: more stacks at once than processors.
STACKS_AT_ONCE = 4
#: CloudWatch evaluates alarms every minute; the demonstration does not wait that long.
EVALUATE_EVERY = 1.0
#: What can be looked at afterwards.
REPORT, CATALOG = WORK / "report.html", WORK / "catalog.html"
#: An event that every account of the example watches, with an alarm for a single record.
DRILLED_EVENT = "security-log-cleared"
# What the name of its alarm ends with, by either engine.
_ALARMS = (f"-{DRILLED_EVENT}", f"-log.{DRILLED_EVENT}")
QUEUE = "demonstration"

_PLANNED = re.compile(r"Plan: (\d+) to add")
_CREATED = re.compile(r": Creation complete")


@dataclass(frozen=True)
class DemoStack:
    """A synthesized stack, and the account and region that its provider is held to."""

    name: str
    directory: Path
    account_id: str
    region: str

    @property
    def account(self) -> str:
        """The account's name in the deployment."""
        return self.name.removesuffix(f"-{self.region}")


class DemoError(Exception):
    """A step of the demonstration failed."""


def main() -> int:
    """Run the demonstration and return its exit status: 1 where a step failed."""
    console = Console()
    try:
        _demonstrate(console)
    except (DemoError, TerraformError) as error:
        console.print(f"\n[bold red]The demonstration failed.[/] {error}", highlight=False)
        return 1
    return 0


def _demonstrate(console: Console) -> None:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir()
    console.print(
        "[bold]Windows security monitoring on AWS, on this machine only[/]\n"
        f"  {DEPLOYMENT.name} becomes Terraform and is applied to an AWS that runs here.\n"
        "  Then it is tried out: sample events are replayed, and one event goes all the\n"
        "  way to a message. It needs no AWS account and no credentials, writes to the\n"
        f"  folder {WORK.name} only, and takes some four minutes, in six steps.",
        highlight=False,
    )
    console.rule("1. Synthesize: deployment.yaml becomes Terraform", align="left")
    stacks = _synthesize(console)
    for stack in stacks:
        console.print(f"  {stack.name}: account {stack.account_id}, {stack.region}", highlight=False)

    with LocalAws(evaluate_every=EVALUATE_EVERY) as aws:
        console.rule("2. Apply every stack to a local AWS, as unmodified Terraform", align="left")
        runs = _apply(console, aws, stacks)
        console.rule("3. Plan again: no changes are left", align="left")
        _plan_again(console, runs)
        console.rule("4. What exists now in each account, from the API", align="left")
        console.print(_inventory(aws, stacks))
        console.rule("5. Replay sample events: which alarms would have fired", align="left")
        _replay()
        console.rule("6. Fire drill: an event goes in, a message comes out of a queue", align="left")
        console.print(_drill(aws, stacks))
    console.rule("What to look at, in a browser", align="left")
    console.print(
        f"  What the replay found:                    {REPORT.as_uri()}\n"
        f"  Each event, and which account watches it: {CATALOG.as_uri()}",
        highlight=False,
        soft_wrap=True,
    )
    console.rule("What next", align="left")
    console.print(
        "  Edit deployment.yaml (your account ids, regions, recipients), then\n"
        "    .venv/bin/python -m deployment check deployment.yaml   # what is wrong\n"
        "    npx cdktf plan production-eu-central-1                 # what would change\n"
        "    npx cdktf apply '*'                                    # create it\n"
        "    .venv/bin/python -m verify                             # does it work?\n"
        "  Try your own event logs first:\n"
        "    .venv/bin/python -m replay FILE.evtx --html report.html",
        highlight=False,
        markup=False,
    )


def _synthesize(console: Console) -> list[DemoStack]:
    output = WORK / "cdktf.out"
    environment = {**os.environ, "DEPLOYMENT": str(DEPLOYMENT), "CDKTF_OUTDIR": str(output)}
    run = subprocess.run(
        [sys.executable, "-O", "main.py"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    if run.returncode:
        raise DemoError(f"main.py could not synthesize {DEPLOYMENT.name}:\n{run.stderr}")
    stacks = []
    for directory in sorted((output / "stacks").iterdir()):
        (provider,) = json.loads((directory / "cdk.tf.json").read_text(encoding="utf-8"))["provider"]["aws"]
        (account_id,) = provider["allowed_account_ids"]
        stacks.append(DemoStack(directory.name, directory, account_id, provider["region"]))
    return stacks


def _apply(console: Console, aws: LocalAws, stacks: list[DemoStack]) -> dict[str, Terraform]:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, ThreadPoolExecutor(STACKS_AT_ONCE) as pool:

        def apply(stack: DemoStack) -> Terraform:
            task = progress.add_task(stack.name, total=None)
            terraform = Terraform(
                stack.directory,
                aws.environment(),
                # Not the state of the real deployment.
                override={"terraform": {"backend": {"local": {"path": "demonstration.tfstate"}}}},
                progress=lambda line: _advance(progress, task, line),
            )
            terraform.init()
            terraform.apply()
            return terraform

        names = [stack.name for stack in stacks]
        return dict(zip(names, pool.map(apply, stacks), strict=True))


def _advance(progress: Progress, task: TaskID, line: str) -> None:
    if planned := _PLANNED.search(line):
        progress.update(task, total=int(planned[1]))
    elif _CREATED.search(line):
        progress.advance(task)


def _plan_again(console: Console, runs: dict[str, Terraform]) -> None:
    with ThreadPoolExecutor(STACKS_AT_ONCE) as pool:
        for name, plan in zip(runs, pool.map(Terraform.plan, runs.values()), strict=True):
            if not plan.is_empty:
                changes = ", ".join(f"{' and '.join(c.actions)} {c.address}" for c in plan.changes)
                raise DemoError(f"{name}: the second plan is not empty: {changes}")
            console.print(f"  {name}: no changes", highlight=False)


def _inventory(aws: LocalAws, stacks: list[DemoStack]) -> Table:
    found = {stack.name: inventory(aws, stack.account_id, stack.region) for stack in stacks}
    table = Table("")
    for stack in stacks:
        table.add_column(f"{stack.account_id}\n{stack.region}", justify="right")
    for kind in next(iter(found.values())):
        numbers = [len(of_stack[kind]) for of_stack in found.values()]
        if any(numbers):
            table.add_row(kind, *map(str, numbers))
    return table


def _replay() -> None:
    """Replay the sample events, and write the two web pages."""
    deployment = ["--deployment", DEPLOYMENT.name]
    samples = str(SAMPLE_EVENTS.relative_to(PROJECT))
    _run("replay", samples, *deployment, "--account", "production", "--html", str(REPORT))
    _run("catalog", "site", *deployment, "--output", str(CATALOG), stdout=subprocess.DEVNULL)


def _run(*command: str, stdout: int | None = None) -> None:
    run = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, stdout=stdout)
    if run.returncode:
        raise DemoError(f"python -m {' '.join(command)} failed")


def _drill(aws: LocalAws, stacks: list[DemoStack]) -> Table:
    """Subscribe a queue to the alarm's topic in each account and region, hold the drill, read the queues."""
    queues = {stack.name: _subscribed_queue(aws, stack) for stack in stacks}
    accounts = dict.fromkeys(stack.account for stack in stacks)
    command = ["verify", "drill", DRILLED_EVENT, "--deployment", DEPLOYMENT.name, "--yes", "--json"]
    command += [argument for account in accounts for argument in ("--account", account)]
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    run = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env={**own, **aws.environment()},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise DemoError(f"the fire drill failed:\n{run.stdout}{run.stderr}")
    table = Table("", "counted", "ALARM", "message in the queue")
    by_stack = {drill["stack"]: drill["seconds"] for drill in json.loads(run.stdout)["drills"]}
    for stack in stacks:
        seconds = by_stack[stack.name]
        table.add_row(
            stack.name,
            "-" if seconds["counted"] is None else f"{seconds['counted']} s",
            f"{seconds['alarm']} s",
            _message_about(aws, stack, queues[stack.name]),
        )
    return table


def _subscribed_queue(aws: LocalAws, stack: DemoStack) -> str:
    """Create a queue that the topic of the drilled event's alarm sends to; return its address."""
    cloudwatch = aws.client("cloudwatch", stack.account_id, stack.region)
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "LogAlarm"])
    alarms = [alarm for page in pages for alarm in [*page["MetricAlarms"], *page.get("LogAlarms", ())]]
    (topic,) = next(a["AlarmActions"] for a in alarms if a["AlarmName"].endswith(_ALARMS))
    url = aws.client("sqs", stack.account_id, stack.region).create_queue(QueueName=QUEUE)["QueueUrl"]
    aws.client("sns", stack.account_id, stack.region).subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{stack.region}:{stack.account_id}:{QUEUE}"
    )
    return str(url)


def _message_about(aws: LocalAws, stack: DemoStack, queue: str) -> str:
    """Return what the message of the drilled event's alarm says, out of a queue."""
    sqs = aws.client("sqs", stack.account_id, stack.region)
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    for message in (json.loads(json.loads(each["Body"])["Message"]) for each in found):
        if message["AlarmName"].endswith(_ALARMS):
            by = "".join(f", {k} {v}" for k, v in message.get("AlarmContributorAttributes", {}).items())
            return f"{message['NewStateValue']}: {message['AlarmDescription'].splitlines()[0]}{by}"
    raise DemoError(f"{stack.name}: no message about {DRILLED_EVENT} came out of the queue")


if __name__ == "__main__":
    sys.exit(main())
