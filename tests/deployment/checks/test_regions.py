from collections.abc import Callable

Problems = Callable[[str], list[str]]


def test_an_account_without_regions_is_refused(problems_of_accounts: Problems) -> None:
    assert problems_of_accounts("  a: {id: 111111111111}\n") == [
        "5: accounts.a: has no regions: list them under regions, here or in defaults"
    ]


def test_regions_of_two_partitions_are_refused(problems_of_accounts: Problems) -> None:
    assert problems_of_accounts("  a: {id: 111111111111, regions: [eu-central-1, cn-north-1]}\n") == [
        "5: accounts.a.regions: eu-central-1 and cn-north-1 belong to different partitions (aws, aws-cn), "
        "and an account to one only"
    ]


def test_a_misspelt_region_is_refused_with_the_nearest(
    problems_of_account: Callable[[str], list[str]],
) -> None:
    (problem,) = problems_of_account("regions: [eu-centrall-1]")
    assert "did you mean eu-central-1?" in problem
