"""Files with samples of own events, each read where ``samples`` or ``near_misses`` names it."""

from pathlib import Path

from deployment.loading.yaml_file import Data, Node, reason
from deployment.problem import Problem
from deployment.settings.own_event import SAMPLE_LISTS, is_event_text


def with_sample_files(root: Node) -> tuple[Data, list[Problem]]:
    """Return what a deployment file says with each named file's text in place of its name, and the problems.

    Malformed parts stay as they are: they are reported with the other settings.
    """
    own = root.data.get("own_events") if isinstance(root.data, dict) else None
    if not isinstance(root.data, dict) or not isinstance(own, list):
        return root.data, []
    problems: list[Problem] = []
    folder = Path(root.file).parent

    def text_of(value: Data, place: tuple[str | int, ...]) -> Data:
        if not isinstance(value, str) or is_event_text(value):
            return value
        try:
            return (folder / value).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "is no text in UTF-8"
            problems.append(Problem(place, f"{value}: {why}"))
            return value

    def with_texts(event: Data, index: int) -> Data:
        if not isinstance(event, dict):
            return event
        texts: dict[str, Data] = {}
        for name in SAMPLE_LISTS:
            if isinstance(values := event.get(name), list):
                known = len(problems)
                read = [text_of(v, ("own_events", index, name, i)) for i, v in enumerate(values)]
                # Without one of its files a list is not tried: the problem with the file is what counts.
                texts[name] = read if len(problems) == known else []
        return {**event, **texts}

    return {**root.data, "own_events": [with_texts(event, i) for i, event in enumerate(own)]}, problems
