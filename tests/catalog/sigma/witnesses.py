"""Records for proofs of rules: some that a rule means, and mutations near the border of that."""

import random
from collections.abc import Iterator, Mapping

from catalog.model.condition import escape
from catalog.model.event_fields import fields_of
from catalog.model.spelling import windows_spelling
from catalog.sigma.expression import (
    All,
    AnyOf,
    Constant,
    Expression,
    Not,
    Nothing,
    Number,
    OtherField,
    Presence,
    RegularExpression,
    Subnet,
    Value,
    Wildcard,
    tests,
)
from catalog.sigma.located import LocatedRule, LocatedTest
from catalog.sigma.log_sources import Location, Place

_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
_RENDERING = (
    "<RenderingInfo Culture='en-US'><Message>{text}</Message><Level>Information</Level>"
    "<Provider>{provider}</Provider></RenderingInfo>"
)
_AUDITING = "Microsoft-Windows-Security-Auditing"
#: A provider's name holds none of these.
_NO_MARKUP = str.maketrans("", "", "<>&'")
Fields = dict[Location, str]


def witnesses(located: LocatedRule, chance: random.Random, number: int) -> Iterator[str]:
    """Yield records as the agent ships them; the first is meant by the rule where one pass finds such."""
    places = _places(located)
    for turn in range(number):
        fields: Fields = {}
        _meet(located.expression, True, fields, chance)
        if turn:
            _mutate(fields, places, located, chance)
        yield rendered(fields, located, chance, with_text=turn % 3 == 1)


def rendered(
    fields: Mapping[Location, str], located: LocatedRule, chance: random.Random, *, with_text: bool
) -> str:
    """Return a record with these values; the fields of the event that are known are all there."""
    header = {place.name: value for place, value in fields.items() if place.place is Place.HEADER}
    event_id = header.get("EventID", "")
    event_id = event_id if event_id.isdigit() else str(next(iter(located.event_ids), 1))
    provider = header.get("Provider", "").translate(_NO_MARKUP) or located.source.provider or _AUDITING
    data = {place.name: value for place, value in fields.items() if place.place is Place.EVENT_DATA}
    for value in (value for place, value in fields.items() if place.place is Place.REGISTRY):
        data["ObjectName"], _, data["ObjectValueName"] = value.rpartition("\\")
    user = {place.name: value for place, value in fields.items() if place.place is Place.USER_DATA}
    known = fields_of(provider, int(event_id)) or ()
    if user or provider == "Microsoft-Windows-Eventlog":
        values = {**dict.fromkeys(known, ""), **user}
        body = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
        body = f"<UserData><Data1 xmlns='urn:x'>{body}</Data1></UserData>"
    else:
        values = {**dict.fromkeys(known, "-"), **data}
        body = "".join(f"<Data Name='{name}'>{escape(value)}</Data>" for name, value in values.items())
        unnamed = [value for place, value in fields.items() if place.place is Place.UNNAMED]
        body += "".join(f"<Data>{escape(value)}</Data>" for value in unnamed)
        body = f"<EventData>{body}</EventData>"
    text = _RENDERING.format(text=escape(" ".join(fields.values())), provider=provider) if with_text else ""
    return (
        f"<Event xmlns='{_NAMESPACE}'><System><Provider Name='{provider}'/><EventID>{event_id}</EventID>"
        f"<Version>0</Version><Level>{escape(header.get('Level', '0'))}</Level><Task>1</Task>"
        "<Opcode>0</Opcode>"
        f"<Keywords>{escape(header.get('Keywords', '0x8020000000000000'))}</Keywords>"
        f"<TimeCreated SystemTime='2026-05-05T23:12:37.349476100Z'/><EventRecordID>{chance.randrange(9999)}"
        "</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='8'/>"
        f"<Channel>{located.source.channels[0]}</Channel><Computer>{escape(header.get('Computer', 'web-01'))}"
        f"</Computer><Security/></System>{body}{text}</Event>"
    )


def _places(located: LocatedRule) -> list[Location]:
    found = {test.location for test in tests(located.expression) if isinstance(test, LocatedTest)}
    return [place for place in found if place is not None] or [Location(Place.EVENT_DATA, "Text")]


def _meet(expression: Expression, wanted: bool, fields: Fields, chance: random.Random) -> None:
    """Give fields values by which an expression holds, or does not: as far as one pass can."""
    match expression:
        case LocatedTest() if wanted:
            place = expression.location or Location(Place.EVENT_DATA, "Text")
            value = _value(expression, fields, chance)
            if value is None:
                fields.pop(place, None)
            elif place in fields and isinstance(expression.matcher, Value):
                fields[place] = _joined(fields[place], expression.matcher, value)
            else:
                fields[place] = value
        case Not(part):
            _meet(part, not wanted, fields, chance)
        case All(parts) | AnyOf(parts):
            every = isinstance(expression, All) is wanted
            for part in parts if every else (chance.choice(parts),):
                _meet(part, wanted, fields, chance)
        case Constant() | _:
            return


def _joined(held: str, matcher: Value, value: str) -> str:
    """Return a value for a field that has one already, by a second test of it."""
    first, last = matcher.parts[:1], matcher.parts[-1:]
    if first == (Wildcard.ANY,) and last == (Wildcard.ANY,):
        return held + value
    if last == (Wildcard.ANY,):
        return value + held
    return held + value if first == (Wildcard.ANY,) else value


def _value(test: LocatedTest, fields: Fields, chance: random.Random) -> str | None:
    match test.matcher:
        case Value() as value:
            filled = {Wildcard.ANY: chance.choice(("", "a", " x ", "0")), Wildcard.ONE: chance.choice("a-&")}
            return "".join(part if isinstance(part, str) else filled[part] for part in value.parts)
        case RegularExpression(expression):
            return expression.replace("\\", "")
        case Number(sign, number):
            return str(int(number + {"<": -1, ">": 1}.get(sign, 0)))
        case Subnet(network):
            return network.partition("/")[0]
        case Presence(is_present):
            return "x" if is_present else None
        case Nothing():
            return None
        case OtherField():
            return fields.get(test.other, "same") if test.other else "same"
    return None


def _mutate(fields: Fields, places: list[Location], located: LocatedRule, chance: random.Random) -> None:
    """Change a value in a way that a text comparison may take wrongly."""
    place = chance.choice(places)
    value = fields.get(place, "")
    match chance.randrange(8):
        case 0 if _may_vary(place, fields, located):
            fields[place] = value.swapcase()
        case 1:
            fields[place] = value[: len(value) // 2]
        case 2:
            fields[place] = value + "x"
        case 3:
            fields[place] = "x" + value
        case 4:
            fields.pop(place, None)
            fields[Location(Place.EVENT_DATA, "OtherField")] = value
        case 5:
            other = chance.choice(places)
            fields[place], fields[other] = fields.get(other, ""), value
        case 6:
            _meet(located.expression, False, fields, chance)
        case _:
            fields[Location(Place.EVENT_DATA, "OtherField")] = f"{value}</Data>&'\"<Data Name='{place.name}'>"


def _may_vary(place: Location, fields: Fields, located: LocatedRule) -> bool:
    """Return whether Windows may write what the rule looks for in this field in any letter case."""
    if place.place is Place.HEADER:
        return False
    header = {at.name: text for at, text in fields.items() if at.place is Place.HEADER}
    provider = header.get("Provider") or located.source.provider or _AUDITING
    event_id = header.get("EventID", "")
    literals = [
        literal
        for test in tests(located.expression)
        if isinstance(test, LocatedTest) and test.location == place and isinstance(test.matcher, Value)
        for literal in test.matcher.literals
    ]
    return not any(
        literal.upper().startswith("S-1-")
        or (event_id.isdigit() and _is_fixed(provider, int(event_id), place, literal))
        for literal in literals
    )


def _is_fixed(provider: str, event_id: int, place: Location, literal: str) -> bool:
    return any(
        windows_spelling(provider, event_id, place.name, literal, part=part) is not None
        for part in (False, True)
    )
