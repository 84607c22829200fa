"""Tags that AWS refuses beside those that the alarms have."""

from collections.abc import Iterator

from deployment.problem import Problem
from deployment.resolution.layers import Origin
from deployment.resolution.names import EVENT_KEY_TAG, SEVERITY_TAG
from deployment.settings.deployment import Settings

#: Tags of a resource (AWS Organizations and IAM quotas), without those that alarms have of their own.
_ALARM_TAGS = (EVENT_KEY_TAG, SEVERITY_TAG)
_TAGS = 50 - len(_ALARM_TAGS)


def notices(settings: Settings) -> Iterator[str]:
    """Yield a notice of each tag with an empty value: the AWS provider cannot empty one that has a value."""
    for key, value in settings.effective_tags.items():
        if not value:
            yield (
                f"tags.{key} is empty: the AWS provider cannot empty the tag of a resource that has a value, "
                "and every plan shows the change again; null takes the tag away, and a value such as - stays"
            )


def of_settings(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Check the tags of an account."""
    tags = settings.effective_tags
    if len(tags) > _TAGS:
        yield Problem(
            origin.location_of("tags"),
            f"{len(tags)} tags, with those of the defaults: AWS takes {_TAGS} beside "
            f"{' and '.join(_ALARM_TAGS)}, which the alarms have",
        )
    spellings: dict[str, str] = {}
    for key in tags:
        if key in _ALARM_TAGS:
            yield Problem(
                origin.location_of("tags", key),
                "the alarms of events have a tag of that name already: choose another",
            )
        other = spellings.setdefault(key.lower(), key)
        if other != key:
            yield Problem(
                origin.location_of("tags", key),
                f"IAM, which ignores case in tags, takes it for the same as {other}",
            )
