import pytest

from deployment.settings.templates import SAMPLE, fill


def test_every_placeholder_is_filled_in() -> None:
    template = "{name}-{account}-{account_id}-{region}-{partition}"
    assert fill(template, SAMPLE) == "windows-security-production-111111111111-eu-central-1-aws"


def test_text_without_placeholders_stays_as_it_is() -> None:
    assert fill("state", SAMPLE) == "state"


def test_an_unknown_placeholder_is_told_with_the_nearest() -> None:
    with pytest.raises(
        ValueError, match=r"^no such placeholder \{acount\}; did you mean account\?; there are \{"
    ):
        fill("{acount}", SAMPLE)


@pytest.mark.parametrize("template", ["{", "}", "{{name}}", "a}b{c"])
def test_a_brace_of_no_placeholder_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="brace"):
        fill(template, SAMPLE)
