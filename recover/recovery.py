"""What of a stack exists already, and the file that has terraform import it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from recover.lookups import LOOKUPS, PUT_AGAIN, DoubtError, Lookup, StackAccount, UnwrittenError
from recover.synthesized_stack import Resource, SynthesizedStack
from verify.access.account import AccountError, enter

#: What terraform reads beside a stack's ``cdk.tf.json``, until the next synthesis removes it.
FILE = "recovered.tf.json"

_SESSION_NAME = "windows-security-recover"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was found of a stack.

    Args:
        stack: The stack.
        imports: The id of each that exists, by the address to import it to.
        failures: Why not everything could be asked for, a sentence each; nothing is to be imported, then.
        doubts: What exists and is not imported since nothing shows what it is, a sentence each.
        notices: What is left as it is and should be known, a sentence each.
    """

    stack: SynthesizedStack
    imports: Mapping[str, str]
    failures: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def recover(stack: SynthesizedStack) -> Recovery:
    """Find in the account of a stack what the stack would be refused for, or would create once more.

    What lacks the tags that the stack gives is not the stack's, and is not imported; what cannot have any, or
    not yet, is identified by its name alone. What the stack imports itself is left to it.
    """
    try:
        account = StackAccount(stack, enter(stack, session_name=_SESSION_NAME))
    except AccountError as error:
        return Recovery(stack, {}, (str(error),))
    addresses: dict[tuple[str, str], list[str]] = {}
    # As a set that keeps its order: what holds for a whole kind is found out for each of it.
    failures: dict[str, None] = {}
    doubts: list[str] = []
    by_name: set[str] = set()
    notices = [
        f"{kind} is not looked for: it is none of the types that this project creates"
        for kind in sorted({each.type for each in stack.resources} - LOOKUPS.keys() - PUT_AGAIN)
        if kind.startswith("aws_")
    ]
    for resource in stack.resources:
        lookup = LOOKUPS.get(resource.type)
        if lookup is None or resource.address in stack.imported:
            continue
        try:
            ids = list(lookup.ids(account, resource))
            tagged = {each: _carries_tags(lookup, account, resource, each) for each in ids}
            notices += [_not_imported(resource, lookup, each) for each in ids if tagged[each] is False]
            if own := [each for each in ids if tagged[each] is not False]:
                chosen = lookup.choose(account, resource, own)
                addresses.setdefault((resource.type, chosen), []).append(resource.address)
                by_name |= {resource.type} if tagged[chosen] is None else set()
        except DoubtError as error:
            doubts.append(str(error))
        except UnwrittenError as error:
            notices.append(f"{resource.address} is not looked for: {error}")
        except (BotoCoreError, ClientError) as error:
            failures[f"{resource.type} cannot be looked for: {error}"] = None
    doubts += [
        f"{identifier} may be {' or '.join(claimed)}; import it yourself (terraform import)"
        for (_, identifier), claimed in addresses.items()
        if len(claimed) > 1
    ]
    imports = {claimed[0]: identifier for (_, identifier), claimed in addresses.items() if len(claimed) == 1}
    if imports and not stack.tags:
        notices.append(
            "the stack gives no tags, so that what it created cannot be distinguished from what has the same "
            "name: look in the plan for what is to be imported and changed"
        )
    elif imports and by_name:
        notices.append(
            f"without tags, and so identified by name alone: {', '.join(sorted(by_name))}; look in the plan "
            "for what is to be imported and changed"
        )
    return Recovery(stack, {} if failures else imports, tuple(failures), tuple(doubts), tuple(notices))


def publish(recovery: Recovery) -> Path:
    """Write the file that has terraform import what exists, or remove an earlier one where nothing does.

    Returns:
        The file. Where not everything could be asked for, it is left as it is.
    """
    file = recovery.stack.folder / FILE
    if recovery.failures:
        return file
    if recovery.imports:
        blocks = [{"to": address, "id": identifier} for address, identifier in recovery.imports.items()]
        new = file.with_name(f".{FILE}.new")
        new.write_text(json.dumps({"import": blocks}, indent=2) + "\n", encoding="utf-8")
        new.replace(file)
    else:
        file.unlink(missing_ok=True)
    return file


def _carries_tags(lookup: Lookup, account: StackAccount, resource: Resource, identifier: str) -> bool | None:
    """Return whether the one with an id carries the tags of the stack; None where tags show nothing."""
    wanted = {**account.stack.tags, **resource.arguments.get("tags", {})}
    if not wanted or lookup.tags is None:
        return None
    found = lookup.tags(account, identifier)
    if lookup.tagged_later and not found:
        return None
    return wanted.items() <= found.items()


def _not_imported(resource: Resource, lookup: Lookup, identifier: str) -> str:
    return (
        f"{resource.address}: {identifier} exists without the tags of this stack, which did not create it; "
        f"where its name is in the way, {lookup.instead}"
    )
