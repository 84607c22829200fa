from collections.abc import Callable

import pytest

from deployment import RegionPlan

Problems = Callable[[str], list[str]]


@pytest.mark.parametrize(("shared", "own"), [(24, 25), (26, 25)])
def test_more_tags_than_the_alarms_could_have_are_refused(
    problems_of: Problems, shared: int, own: int
) -> None:
    tags = ", ".join(f"T{number}: x" for number in range(shared))
    more = ", ".join(f"U{number}: x" for number in range(own))
    problems = problems_of(
        f"""\
        defaults:
          regions: [eu-central-1]
          tags: {{{tags}}}
          notifications: {{subscriptions: [{{protocol: email, endpoint: a@example.com}}]}}
        accounts:
          a:
            id: 111111111111
            tags: {{{more}}}
        """
    )
    assert problems == [
        f"deployment.yaml:8: accounts.a.tags: {shared + own} tags, with those of the defaults: AWS takes 48 "
        "beside EventKey and Severity, which the alarms have"
    ]


def test_as_many_tags_as_the_alarms_can_have_are_fine(problems_of_account: Problems) -> None:
    assert not problems_of_account(f"tags: {{{', '.join(f'T{number}: x' for number in range(48))}}}")


@pytest.mark.parametrize("key", ["EventKey", "Severity"])
def test_a_tag_that_the_alarms_have_already_is_refused(problems_of_account: Problems, key: str) -> None:
    assert problems_of_account(f"tags:\n  Team: a\n  {key}: b") == [
        f"12: tags.{key}: the alarms of events have a tag of that name already: choose another"
    ]


def test_tags_that_differ_in_case_only_are_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("tags:\n  Team: a\n  team: b") == [
        "12: tags.team: IAM, which ignores case in tags, takes it for the same as Team"
    ]


def test_empty_tag_is_reported_with_what_converges(region_of_account: Callable[[str], RegionPlan]) -> None:
    notices = region_of_account("tags: {Env: '', Owner: x}").notices
    (notice,) = (each for each in notices if each.startswith("tags."))
    assert notice.startswith("tags.Env is empty: the AWS provider cannot empty the tag")
    assert "null takes the tag away" in notice
    assert not [each for each in region_of_account("tags: {Env: null, Owner: x}").notices if "tags" in each]
