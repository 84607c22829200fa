import unicodedata
from collections.abc import Callable

from deployment import RegionPlan

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
