"""Samples beside a rule: what it must find, and what it must not."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from catalog.filter_pattern import matches
from catalog.model.record import windows_record
from catalog.sigma.conversion import Conversion, Engine
from catalog.sigma.oracle import holds
from catalog.sigma.reading import SigmaError

_FOLDERS = {"matches": True, "near_misses": False}
#: How each record begins as the agent ships it.
_BEGINNING = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='"


def samples_folder(file: str) -> Path:
    """Return the folder of a rule's samples: ``rule.samples`` beside ``rule.yml``."""
    return Path(file).with_suffix(".samples")


def read_samples(file: str) -> Iterator[tuple[Path, str, bool]]:
    """Yield the file and the text of each sample of a rule, and whether the rule must find it.

    Raises:
        SigmaError: The folder has anything else, or a sample is not as the agent ships records.
        OSError: A sample cannot be read.
    """
    folder = samples_folder(file)
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if path.name not in _FOLDERS or not path.is_dir():
            raise SigmaError(f"{path}: a folder of samples has only the folders {' and '.join(_FOLDERS)}")
        for sample in sorted(path.iterdir()):
            if sample.suffix != ".xml":
                raise SigmaError(f"{sample}: a sample is one record in a file that ends with .xml")
            yield sample, _record(sample), _FOLDERS[path.name]


def wrong_samples(conversion: Conversion) -> tuple[int, list[str]]:
    """Return how many samples a rule has, and a sentence for each that is judged wrongly.

    The rule itself judges them, by their fields; and the patterns, where a filter looks for the rule.

    Raises:
        SigmaError: As ``read_samples``.
        OSError: As ``read_samples``.
    """
    if conversion.correlation:
        return 0, []  # samples are single records
    samples = list(read_samples(conversion.file))
    wrong = []
    for path, message, is_wanted in samples:
        if conversion.located is None:
            wrong.append(f"{path}: cannot be tried, as the rule is refused")
            continue
        is_meant = holds(conversion.located.expression, windows_record(message))
        if is_meant is not is_wanted:
            wrong.append(f"{path}: the rule {'finds' if is_meant else 'does not find'} it")
        if conversion.engine is Engine.FILTER and conversion.patterns:
            is_found = any(matches(pattern, message) for pattern in conversion.patterns.patterns)
            if is_found is not is_wanted:
                wrong.append(f"{path}: the filter {'finds' if is_found else 'does not find'} it")
    return len(samples), wrong


def _record(path: Path) -> str:
    try:
        message = path.read_text(encoding="utf-8-sig").strip()
        windows_record(message)
    except (UnicodeDecodeError, ElementTree.ParseError, KeyError, ValueError) as error:
        raise SigmaError(f"{path}: is no record of Windows in UTF-8: {error}") from error
    if not message.startswith(_BEGINNING):
        raise SigmaError(
            f"{path}: is not as the CloudWatch agent ships records, on one line and with single quotes, "
            "as the command 'catalog sample' prints them; filters look at the text"
        )
    return message
