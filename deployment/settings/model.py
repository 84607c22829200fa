"""The base of every settings model: frozen, strict about names, and plain in what it says of bad input."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from deployment.settings.explanation import explanation

_EXPLAINED = "explained"


class Model(BaseModel):
    """A group of settings. A docstring below a field is its description in the JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    #: Names that people may well write here but must not, each with the reason.
    refused: ClassVar[Mapping[str, str]] = {}
    #: How many problems of a group are reported; None for all. A few aliases can stand for very many.
    most_problems: ClassVar[int | None] = 50

    @model_validator(mode="wrap")
    @classmethod
    def _explain(cls, data: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Put pydantic's words into sentences while the names that are valid here are still known."""
        try:
            return validate(data)
        except ValidationError as error:
            errors = _without_echoes(error.errors(include_url=False))
            details = [cls._explained(detail) for detail in errors[: cls.most_problems]]
            if len(details) < len(errors):
                details.append(_details((), f"has more problems than these {len(details)}", data))
            raise ValidationError.from_exception_data(cls.__name__, details) from None

    @classmethod
    def _explained(cls, detail: ErrorDetails) -> InitErrorDetails:
        if detail["type"] == _EXPLAINED:
            message = detail["msg"]
        else:
            descriptions = {
                field.alias or name: field.description or "" for name, field in cls.model_fields.items()
            }
            message = explanation(detail, descriptions, cls.refused)
        return _details(detail["loc"], message, detail["input"])


def explained(
    title: str, problems: Iterable[tuple[tuple[str | int, ...], str]], value: Any
) -> ValidationError:
    """Return the error of a value that is wrong in these places below it, for these reasons."""
    return ValidationError.from_exception_data(
        title, [_details(place, message, value) for place, message in problems]
    )


def _details(place: tuple[str | int, ...], message: str, value: Any) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(_EXPLAINED, message), loc=place, input=value)


def _without_echoes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short where this only means that something in its entries is wrong."""
    places = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in places]


class Cascading(Model):
    """A group of settings that an account may override one by one, rather than as a whole."""

    #: The mappings that are replaced as a whole all the same.
    replaced: ClassVar[frozenset[str]] = frozenset()
