"""The layer for the ATT&CK Navigator."""

import re

from catalog import EVENTS, pack
from catalog.derived.attack_layer import attack_layer


def test_a_technique_scores_the_number_of_events_that_name_it_and_lists_them() -> None:
    events = pack("article")
    by_id = {t["techniqueID"]: t for t in attack_layer(events, name="article")["techniques"]}
    keys = [event.key for event in events if "T1531" in event.attack]
    assert len(keys) > 1
    assert by_id["T1531"]["score"] == len(keys)
    assert by_id["T1531"]["comment"] == ", ".join(keys)


def test_every_technique_that_an_event_names_is_there_once_and_in_order() -> None:
    ids = [technique["techniqueID"] for technique in attack_layer(EVENTS, name="all")["techniques"]]
    assert ids == sorted({technique for event in EVENTS for technique in event.attack})
    assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", technique) for technique in ids)


def test_it_has_the_properties_that_the_navigator_requires() -> None:
    layer = attack_layer(EVENTS, name="all", description="every event")
    assert (layer["name"], layer["description"], layer["domain"]) == (
        "all",
        "every event",
        "enterprise-attack",
    )
    assert layer["versions"] == {"attack": "19", "navigator": "4.9.0", "layer": "4.5"}
    assert layer["gradient"]["maxValue"] == max(t["score"] for t in layer["techniques"])


def test_a_layer_of_no_events_is_still_one() -> None:
    layer = attack_layer([], name="nothing")
    assert layer["techniques"] == []
    assert layer["gradient"]["minValue"] < layer["gradient"]["maxValue"]
