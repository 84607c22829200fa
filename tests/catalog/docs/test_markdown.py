"""Markdown, as GitHub reads it."""

import pytest

from catalog.docs.markdown import anchor, table, text


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        (r"\\*\Finance", r"\\\\\*\\Finance"),
        ("a | b", r"a \| b"),
        ("<Data Name='x'>", r"\<Data Name='x'>"),
        ("msDS_x [1] `y`", r"msDS\_x \[1\] \`y\`"),
        ("plain, words: 100%", "plain, words: 100%"),
    ],
)
def test_words_are_read_as_they_are(words: str, markdown: str) -> None:
    assert text(words) == markdown


@pytest.mark.parametrize(
    ("heading", "link"),
    [
        ("Other Logon/Logoff Events", "other-logonlogoff-events"),
        ("MPSSVC Rule-Level Policy Change", "mpssvc-rule-level-policy-change"),
        ("User / Device Claims", "user--device-claims"),
    ],
)
def test_an_anchor_is_the_one_that_github_makes(heading: str, link: str) -> None:
    assert anchor(heading) == link


def test_a_table_has_a_header_a_rule_and_rows() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
