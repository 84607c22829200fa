from pathlib import Path

import pytest

from catalog import EVENTS, CatalogError, Collection, SecurityEvent, UnknownNameError, event, pack
from catalog.filter_pattern import matches
from catalog.model.provider import SERVICE_CONTROL_MANAGER, Provider
from catalog.samples import samples_of
from catalog.samples.windows_event import windows_event
from deployment import DeploymentError
from replay.engine.watch import Watch, of_account, of_catalog
from tests.replay.logs import event_xml, record

_DEPLOYMENT = """\
defaults:
  regions: [eu-central-1, eu-west-1]
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  notifications:
    subscriptions: [{protocol: email, endpoint: security@example.com}]
accounts:
  production:
    id: 111111111111
  development:
    id: 222222222222
    collection: levels
    events:
      logon-failed-network: {threshold: 7, period: 600}
"""


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    path = tmp_path / "deployment.yaml"
    path.write_text(_DEPLOYMENT)
    return path


def _by_key(watch: Watch) -> dict[str, SecurityEvent]:
    return {event.key: event for event in watch.chosen}


def test_without_a_deployment_every_event_of_the_catalog_is_watched() -> None:
    assert of_catalog().chosen == EVENTS


def test_an_account_watches_its_own_events_with_its_own_thresholds(deployment: Path) -> None:
    production, development = of_account(deployment, "production"), of_account(deployment, "development")
    assert _by_key(production)["logon-failed-network"].alarm == event("logon-failed-network").alarm
    tuned = _by_key(development)["logon-failed-network"].alarm
    assert tuned
    assert (tuned.threshold, tuned.period) == (7, 600)
    watched = [each for each in production.chosen if each.key.startswith("object-handle-requested-")]
    assert len(watched) == 1


def test_the_account_need_not_be_named_where_there_is_one(deployment: Path) -> None:
    deployment.write_text(_DEPLOYMENT.partition("  development:")[0])
    assert of_account(deployment, None).chosen == of_account(deployment, "production").chosen


def test_a_missing_or_misspelt_account_is_refused_with_the_names_there_are(deployment: Path) -> None:
    with pytest.raises(CatalogError, match="production, development"):
        of_account(deployment, None)
    with pytest.raises(UnknownNameError, match="did you mean production"):
        of_account(deployment, "prodution")


def test_a_bad_deployment_is_refused_with_the_place(deployment: Path) -> None:
    deployment.write_text(_DEPLOYMENT.replace("threshold: 7", "treshold: 7"))
    with pytest.raises(DeploymentError, match=r"deployment\.yaml:14"):
        of_account(deployment, "production")


@pytest.mark.parametrize(
    ("collection", "shipped"),
    [(Collection.EVENT_IDS, [True, False, False, False]), (Collection.LEVELS, [True, True, True, False])],
)
def test_the_agent_ships_the_watched_ids_or_the_whole_channels(
    collection: Collection, shipped: list[bool]
) -> None:
    watched = (event("logon-failed-network"),)
    watch = Watch("one event", watched, watched, collection)
    texts = [
        event_xml(4625, {"LogonType": "2"}),
        event_xml(4999),
        event_xml(7036, provider=SERVICE_CONTROL_MANAGER),
        event_xml(4625, channel="Application"),
    ]
    assert [watch.collects(record(text)) for text in texts] == shipped


def test_with_matching_only_records_that_some_filter_counts_are_shipped() -> None:
    watched = (event("logon-failed-network"),)
    watch = Watch("one event", watched, watched, Collection.MATCHING)
    assert watch.collects(record(event_xml(4625, {"LogonType": "3"})))
    assert not watch.collects(record(event_xml(4625, {"LogonType": "2"})))
    assert not watch.collects(record(event_xml(4625, {"LogonType": "3"}, channel="Application")))


def test_a_level_that_the_agent_has_no_name_for_is_not_shipped() -> None:
    watch = Watch("levels", (), (), Collection.LEVELS)
    assert not watch.collects(record(event_xml(4625).replace("<Level>0<", "<Level>6<")))


def test_a_watch_on_nothing_ships_nothing() -> None:
    assert not Watch("nothing", (), ()).collects(record(event_xml(4625)))


def test_reports_can_be_limited_without_changing_what_is_shipped() -> None:
    limited = of_catalog().only(packs=["article"], keys=["security-log-cleared"])
    assert set(limited.chosen) == {*pack("article"), event("security-log-cleared")}
    assert limited.collects(record(event_xml(4648)))


def test_reports_on_what_is_not_watched_are_refused(deployment: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean logon-failed-network"):
        of_catalog().only(keys=["logon-faild-network"])
    with pytest.raises(UnknownNameError, match="no such pack"):
        of_catalog().only(packs=["nothing"])
    with pytest.raises(UnknownNameError, match="production"):
        of_account(deployment, "production").only(keys=["security-log-cleared"])


def test_an_account_watches_own_events_and_variants_too(tmp_path: Path) -> None:
    path = tmp_path / "deployment.yaml"
    path.write_text(
        "own_events:\n"
        "- {key: malware-found, event_id: 1116, title: x, severity: low, runbook: x, where: {A: b},\n"
        "   provider: {name: Defender, channel: Defender/Operational}}\n"
        "accounts:\n  a:\n    id: 111111111111\n    regions: [eu-west-1]\n"
        "    notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}\n"
        "    events: {logon-failed-network: {variants: {slow: {threshold: 99}}}}\n"
    )
    watch = of_account(path, "a")
    assert watch.chosen[-1].key == "malware-found"
    assert [variant.key for variant in watch.variants] == ["logon-failed-network.slow"]
    assert watch.only(keys=["logon-failed-network"]).variants == watch.variants


def test_an_own_event_on_data_without_a_name_finds_its_record(tmp_path: Path) -> None:
    path = tmp_path / "deployment.yaml"
    path.write_text(
        _DEPLOYMENT.partition("  development:")[0]
        + """\
own_events:
  - key: database-login-failed
    event_id: 18456
    title: Database login failed for the administrator
    severity: medium
    runbook: Block the client address in the text of the event unless its owner confirms it.
    provider: {name: MSSQLSERVER, channel: Application, classic: true}
    where: {Data: sa}
    alarm: {}
"""
    )
    database = Provider("MSSQLSERVER", channel="Application", classic=True)
    found = windows_event(18456, {"Data": "sa"}, provider=database)
    missed = windows_event(18456, {"Data": "sato"}, provider=database)
    (pattern,) = _by_key(of_account(path, None))["database-login-failed"].patterns
    assert "<Data>sa</Data>" in found
    assert matches(pattern, found)
    assert not matches(pattern, missed)


def test_of_an_id_that_is_shipped_in_one_level_other_levels_are_not_shipped() -> None:
    watch = of_catalog()
    (suspicious,) = samples_of(event("suspicious-script-block")).matches[:1]
    verbose = suspicious.replace("<Level>3</Level>", "<Level>5</Level>")
    assert watch.collects(record(suspicious))
    assert not watch.collects(record(verbose))
