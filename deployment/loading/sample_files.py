"""Files with samples of own events and correlations, read where ``samples`` or ``near_misses`` names them."""

from pathlib import Path

from deployment.loading.yaml_file import Data, Node, reason
from deployment.problem import KeyPath, Problem
from deployment.settings.own_event import SAMPLE_LISTS, is_event_text

#: The settings whose records have samples: texts in ``own_events``, and lists of texts in the other.
_WITH_SAMPLES = ("own_events", "own_correlations")


def with_sample_files(root: Node) -> tuple[Data, list[Problem]]:
    """Return what a deployment file says with each named file's text in place of its name, and the problems.

    Malformed parts stay as they are: they are reported with the other settings.
    """
    if not isinstance(root.data, dict):
        return root.data, []
    problems: list[Problem] = []
    folder = Path(root.file).parent

    def with_texts(value: Data, place: KeyPath) -> Data:
        if isinstance(value, list):
            return [with_texts(each, (*place, index)) for index, each in enumerate(value)]
        if not isinstance(value, str) or is_event_text(value):
            return value
        try:
            return (folder / value).read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "is no text in UTF-8"
            problems.append(Problem(place, f"{value}: {why}"))
            return value

    def with_lists(record: Data, place: KeyPath) -> Data:
        if not isinstance(record, dict):
            return record
        texts: dict[str, Data] = {}
        for name in SAMPLE_LISTS:
            if isinstance(values := record.get(name), list):
                known = len(problems)
                read = with_texts(values, (*place, name))
                # Without one of its files a list is not tried: the problem with the file is what counts.
                texts[name] = read if len(problems) == known else []
        return {**record, **texts}

    filled = {
        name: [with_lists(record, (name, index)) for index, record in enumerate(records)]
        for name in _WITH_SAMPLES
        if isinstance(records := root.data.get(name), list)
    }
    return {**root.data, **filled}, problems
