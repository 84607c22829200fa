"""A replay of real records with the public Sigma rules counts what the rules mean, where both are present."""

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from catalog.model.record import windows_record
from replay.engine.replay_result import replay
from replay.engine.watch import of_account
from replay.readers.file_formats import file_records
from replay.readers.input_problem import InputProblems

_SHARED = Path(__file__).resolve().parents[3] / "shared"
_RULES, _RECORDS = _SHARED / "sigma" / "rules.tar.xz", _SHARED / "corpus" / "dev.jsonl.gz"
_DEPLOYMENT = """\
sigma: [{rules: "rules/windows/builtin/**/*.yml"}]
defaults:
  regions: [eu-central-1]
  packs: [article]
  notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
accounts: {a: {id: "111111111111"}}
"""


@pytest.mark.skipif(not (_RULES.is_file() and _RECORDS.is_file()), reason="rules and records are not present")
def test_replay_counts_what_public_rules_mean(tmp_path: Path) -> None:
    with tarfile.open(_RULES) as archive:
        archive.extractall(tmp_path, filter="data")
    deployment = tmp_path / "deployment.yaml"
    deployment.write_text(_DEPLOYMENT, encoding="utf-8")
    watch = of_account(deployment, None)
    rules = [event for event in watch.watched if event.selection]
    assert len(rules) >= 200

    result = replay([_RECORDS], watch)
    meant: Counter[str] = Counter()
    for record in file_records(_RECORDS, InputProblems()):
        parts = windows_record(record.message)
        meant.update(
            rule.key
            for rule in rules
            if rule.selection and rule.channel == record.channel and rule.selection.is_met(parts)
        )

    assert len(meant) > 50
    assert {rule.key: sum(result.counts[rule.key].values()) for rule in rules} == {
        rule.key: meant[rule.key] for rule in rules
    }
