from collections.abc import Callable
from pathlib import Path

import pytest

from deployment import AssumedRole
from recover import Resource, SynthesisError, read_stacks

Synthesize = Callable[..., Path]


def names(directory: Path, *wanted: str) -> list[str]:
    return [stack.name for stack in read_stacks(directory, wanted)]


def test_without_names_every_stack_of_the_manifest_is_read(synthesize: Synthesize) -> None:
    synthesize("production-eu")
    assert names(synthesize("staging-eu")) == ["production-eu", "staging-eu"]


def test_a_pattern_stands_for_all_stacks_that_it_matches(synthesize: Synthesize) -> None:
    for name in ("production-eu", "production-us", "staging-eu"):
        directory = synthesize(name)
    assert names(directory, "production-*") == ["production-eu", "production-us"]
    assert names(directory, "*-us", "production-us", "staging-eu") == ["production-us", "staging-eu"]


def test_every_name_that_stands_for_no_stack_is_told_with_the_nearest_that_does(
    synthesize: Synthesize,
) -> None:
    directory = synthesize("production-eu-central-1")
    with pytest.raises(SynthesisError) as caught:
        read_stacks(directory, ["prodution-eu-central-1", "production-*", "x*"])
    assert str(caught.value).splitlines() == [
        f"prodution-eu-central-1: {directory} has no such stack; did you mean production-eu-central-1?",
        f"x*: {directory} has no such stack",
    ]


def test_without_a_synthesis_it_is_said_to_synthesize_first(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match=r"manifest\.json does not exist: run npx cdktf synth first"):
        read_stacks(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", "\0"])
def test_what_cdktf_did_not_write_is_told_without_a_traceback(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(SynthesisError, match=r"manifest\.json: .*run npx cdktf synth again"):
        read_stacks(tmp_path)


def test_a_manifest_without_stacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(SynthesisError, match="holds no stack: run npx cdktf synth again"):
        read_stacks(tmp_path)


def test_every_stack_that_cannot_be_read_is_told(synthesize: Synthesize) -> None:
    directory = synthesize("gone")
    (directory / "stacks" / "gone" / "cdk.tf.json").unlink()
    synthesize("anyone", provider={"allowed_account_ids": []})
    with pytest.raises(SynthesisError) as caught:
        read_stacks(directory)
    gone, anyone = str(caught.value).splitlines()
    assert gone.endswith("cdk.tf.json does not exist: run npx cdktf synth first")
    assert anyone.startswith("anyone: ")
    assert "allowed_account_ids" in anyone


def test_account_region_role_and_tags_are_those_of_the_provider(synthesize: Synthesize) -> None:
    role = {"role_arn": "arn:aws:iam::111122223333:role/deploy", "external_id": "between-us"}
    (stack,) = read_stacks(
        synthesize(provider={"assume_role": [role], "default_tags": [{"tags": {"Project": "x"}}]})
    )
    assert (stack.account_id, stack.region_name) == ("111122223333", "eu-west-1")
    assert stack.assume_role == AssumedRole(role["role_arn"], "between-us")
    assert stack.tags == {"Project": "x"}


def test_without_a_role_the_callers_own_credentials_count(synthesize: Synthesize) -> None:
    (stack,) = read_stacks(synthesize())
    assert stack.assume_role is None
    assert stack.tags == {}


@pytest.mark.parametrize(
    ("settings", "backend"),
    [({"backend": {"s3": {"bucket": "b"}}}, "s3"), ({"cloud": {"organization": "o"}}, "cloud")],
)
def test_the_kind_of_the_state_is_told(
    synthesize: Synthesize, settings: dict[str, object], backend: str
) -> None:
    (stack,) = read_stacks(synthesize(terraform=settings))
    assert stack.backend == backend


def test_resources_and_what_the_stack_imports_itself_are_read(synthesize: Synthesize) -> None:
    resources = {"aws_iam_role": {"server": {"name": "s"}}, "aws_sns_topic": {"alarms": {"name": "a"}}}
    (stack,) = read_stacks(
        synthesize(resources=resources, **{"import": [{"to": "aws_iam_role.server", "id": "s"}]})
    )
    assert [resource.address for resource in stack.resources] == [
        "aws_iam_role.server",
        "aws_sns_topic.alarms",
    ]
    assert list(stack.of_type("aws_iam_role")) == [Resource("aws_iam_role", "server", {"name": "s"})]
    assert stack.imported == {"aws_iam_role.server"}
