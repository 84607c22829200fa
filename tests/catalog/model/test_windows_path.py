import pytest

from catalog.model.windows_path import PathKind, is_on_drive, kind_of, path_problems, share_problems


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"\\*\Finance", PathKind.SHARE),
        ("\\REGISTRY\\MACHINE\\SOFTWARE", PathKind.REGISTRY_KEY),
        ("\\registry\\machine\\SOFTWARE", PathKind.REGISTRY_KEY),
        ("\\REGISTRY", PathKind.REGISTRY_KEY),
        (r"HKLM\SOFTWARE", PathKind.REGISTRY_KEY),
        (r"HKEY_CURRENT_USER\Software", PathKind.REGISTRY_KEY),
        (r"HKLM:\SOFTWARE", PathKind.REGISTRY_KEY),
        ("C:\\Secret\\", PathKind.FILE),
        (r"C:\REGISTRY\x", PathKind.FILE),
        (r"\\server\share\x", PathKind.FILE),
        (r"\Device\HarddiskVolume2\x", PathKind.FILE),
        (r"\REGISTRYS\x", PathKind.FILE),
    ],
)
def test_every_path_is_of_one_kind(path: str, kind: PathKind) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize("path", ["\\REGISTRY\\MACHINE\\SOFTWARE\\Contoso\\", "\\REGISTRY\\USER\\S-1-5-18"])
def test_a_registry_key_as_windows_reports_it_is_a_path(path: str) -> None:
    assert path_problems(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "\\REGISTRY\\machine\\SOFTWARE",
        "\\Registry\\MACHINE\\SOFTWARE",
        "\\REGISTRY\\MACHINE",
        "\\REGISTRY\\A\\x",
        "HKLM\\SOFTWARE",
        "HKEY_LOCAL_MACHINE\\SOFTWARE",
        "Registry::HKEY_USERS\\S-1-5-18",
    ],
)
def test_a_registry_key_of_another_spelling_would_match_no_record_and_is_refused(path: str) -> None:
    (problem,) = path_problems(path)
    assert "which begins with \\REGISTRY\\MACHINE\\ (HKEY_LOCAL_MACHINE) or \\REGISTRY\\USER\\" in problem


@pytest.mark.parametrize("link", ["CurrentControlSet", "currentcontrolset"])
def test_a_link_of_the_registry_is_refused_for_the_key_that_it_stands_for(link: str) -> None:
    (problem,) = path_problems(f"\\REGISTRY\\MACHINE\\SYSTEM\\{link}\\Services\\x")
    assert problem.endswith("what it stands for: \\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\x")


def test_a_key_that_is_called_like_the_link_is_none() -> None:
    assert path_problems("\\REGISTRY\\MACHINE\\SYSTEM\\CurrentControlSet2") == []
    assert path_problems("\\REGISTRY\\USER\\S-1-5-18\\SYSTEM\\CurrentControlSet") == []


def test_a_drive_that_windows_would_report_in_a_capital_is_refused() -> None:
    (problem,) = path_problems("d:\\Finance\\")
    assert problem.endswith("reports in a capital: D:\\Finance\\")


@pytest.mark.parametrize(
    "path",
    [
        "D:\\\\Payroll\\",
        "D:\\Payroll\\\\x",
        "D:\\Payroll\\\\",
        "\\REGISTRY\\MACHINE\\SOFTWARE\\\\x",
        "\\\\files\\\\x",
    ],
)
def test_two_backslashes_in_a_row_are_in_no_record_and_are_refused(path: str) -> None:
    (problem,) = path_problems(path)
    assert "two backslashes in a row: write one" in problem


@pytest.mark.parametrize("name", ["..", ".", "Payroll ", "Payroll."])
def test_a_name_that_windows_would_report_otherwise_is_refused(name: str) -> None:
    for path in (f"D:\\{name}", f"D:\\{name}\\", f"D:\\{name}\\a.txt"):
        (problem,) = path_problems(path)
        assert f"{name!r}, and Windows reports no name that ends in a space or a dot" in problem


def test_a_registry_key_may_end_in_a_dot() -> None:
    assert path_problems("\\REGISTRY\\MACHINE\\SOFTWARE\\Contoso.\\") == []


def test_a_share_is_spelt_as_windows_reports_it() -> None:
    assert share_problems(r"\\*\Finance") == []
    assert share_problems(r"\\files\Finance") != []


@pytest.mark.parametrize(("path", "expected"), [("D:\\", True), ("d:\\x", True), ("D:x", False), ("", False)])
def test_a_path_on_a_drive_begins_with_its_letter(path: str, expected: bool) -> None:
    assert is_on_drive(path) is expected
