import pytest

from deployment import DeploymentError, Problem
from deployment.problem import KeyPath


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("accounts", "production", "id"), "accounts.production.id"),
        (("subscriptions", 0, "endpoint"), "subscriptions[0].endpoint"),
        (("tags", "a.b", "c d"), "tags['a.b']['c d']"),
        (("", "x"), "[''].x"),
    ],
)
def test_a_path_is_written_as_people_write_it(path: KeyPath, text: str) -> None:
    assert Problem(path, "").key_path == text


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(("a",), "is wrong", "f.yaml", 3), "f.yaml:3: a: is wrong"),
        (Problem((), "is empty", "f.yaml", 1), "f.yaml:1: is empty"),
        (Problem((), "there is no such file", "f.yaml"), "f.yaml: there is no such file"),
        (Problem(("a", "b"), "is wrong"), "a.b: is wrong"),
    ],
)
def test_a_problem_tells_the_place_first(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_error_tells_every_problem_in_a_line_of_its_own() -> None:
    problems = [Problem(("a",), "is wrong"), Problem(("b",), "is missing")]
    error = DeploymentError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "a: is wrong\nb: is missing"
