import unicodedata
from collections.abc import Callable
from dataclasses import replace

from catalog import EVENTS
from catalog.model.selection import Selection
from deployment import RegionPlan
from deployment.checks import text_forms
from deployment.reports.coverage import coverage

FOLDER = "D:\\データ\\"


def notices(region_of_account: Callable[[str], RegionPlan], path: str) -> list[str]:
    region = region_of_account(f"watched_paths: ['{path}']")
    return [notice for notice in region.notices if "NFD" in notice]


def test_decomposed_text_is_reported_with_both_forms(
    region_of_account: Callable[[str], RegionPlan],
) -> None:
    notice = notices(region_of_account, unicodedata.normalize("NFD", FOLDER))[0]
    assert "\\u30c6\\u3099" in notice
    assert "\\u30c7" in notice


def test_composed_text_is_not_reported(region_of_account: Callable[[str], RegionPlan]) -> None:
    assert notices(region_of_account, FOLDER) == []


def test_decomposed_text_of_a_rule_that_only_a_query_finds_is_reported() -> None:
    folder = unicodedata.normalize("NFD", FOLDER.strip("\\"))
    selection = Selection((4663,), f'@message like "{folder}"', lambda _: True)
    (created,) = (event for event in EVENTS if event.key == "user-account-created")
    event = replace(created, key="rule", selection=selection, where=())
    assert event.patterns == ()

    (notice,) = text_forms.notices([event])

    assert notice.startswith("rule looks for ")
    assert f"write {unicodedata.normalize('NFC', folder)}" in notice


def test_decomposed_text_of_a_correlation_is_reported(
    region_of_account: Callable[[str], RegionPlan],
) -> None:
    left_out = unicodedata.normalize("NFD", "バックアップ")
    region = region_of_account(
        f"correlations: {{password-guessed: {{left_out: {{TargetUserName: ['{left_out}']}}}}}}"
    )
    (notice,) = (notice for notice in region.notices if "NFD" in notice)
    assert notice.startswith("password-guessed looks for ")


def test_coverage_names_decomposed_text(region_of_account: Callable[[str], RegionPlan]) -> None:
    region = region_of_account(f"watched_paths: ['{unicodedata.normalize('NFD', FOLDER)}']")
    assert any("decomposed Unicode (NFD" in note for note in coverage(region).notes)
