"""The estimate of what events cost."""

from dataclasses import replace

import pytest

from catalog import Collection, Pack, Volume, event, pack
from catalog.derived.cost import PRICES, Prices, monthly_cost, records_a_day

CREATED = event("user-account-created")
FREE = Prices(metric=0, alarm=0, gigabyte=0, key=0, dashboard=0, log_alarm=0, scanned_gigabyte=0)
ONLY_METRICS = replace(FREE, metric=0.3)
ONLY_ALARMS = replace(FREE, alarm=0.1)
ONLY_INGESTION = replace(FREE, gigabyte=0.5)


def test_each_event_is_a_metric_however_many_filters_it_has() -> None:
    several = event("operators-member-added")
    assert len(several.patterns) > 1
    assert monthly_cost([several, CREATED], servers=10, prices=ONLY_METRICS) == pytest.approx(0.6)


def test_only_events_with_an_alarm_pay_for_one_beside_that_for_silence() -> None:
    signal = replace(CREATED, alarm=None)
    assert monthly_cost([CREATED, signal], servers=10, prices=ONLY_ALARMS) == pytest.approx(0.2)


def test_a_key_and_a_dashboard_cost_the_same_for_any_events() -> None:
    prices = replace(FREE, key=1, dashboard=3)
    assert monthly_cost([CREATED], servers=10, prices=prices) == pytest.approx(4)
    assert monthly_cost(pack("article"), servers=99, prices=prices) == pytest.approx(4)


def test_ingestion_grows_with_the_servers() -> None:
    # 20,000 records of 3,000 bytes on 30 days are 1.8 GB for a server.
    logons = [event("logon-succeeded-network")]
    assert monthly_cost(logons, servers=1, prices=ONLY_INGESTION) == pytest.approx(0.9)
    assert monthly_cost(logons, servers=10, prices=ONLY_INGESTION) == pytest.approx(9)


def test_a_rare_event_of_a_frequent_id_ships_the_whole_id_once() -> None:
    rare = event("logon-succeeded-guest")
    assert rare.volume is Volume.RARE
    assert records_a_day([rare]) == Volume.HIGH.records_a_day
    assert records_a_day([rare, event("logon-succeeded-network")]) == Volume.HIGH.records_a_day


def test_an_id_is_not_taken_for_rare_because_only_its_failures_are_in_the_catalog() -> None:
    assert records_a_day([event("kerberos-forged-ticket-refused")]) == Volume.HIGH.records_a_day


def test_matching_ships_only_the_records_that_some_filter_counts() -> None:
    rare = event("logon-succeeded-guest")
    assert records_a_day([rare], Collection.MATCHING) == Volume.RARE.records_a_day
    assert records_a_day([event("process-created"), rare], Collection.MATCHING) == pytest.approx(20_000.1)
    assert monthly_cost([rare], servers=10, prices=ONLY_INGESTION, collection=Collection.MATCHING) < 0.01


def test_matching_ships_a_whole_id_where_the_agents_expression_is_not_exact() -> None:
    assert records_a_day([event("ntlm-validation-failed")], Collection.MATCHING) == 1_000


@pytest.mark.parametrize("prices", PRICES.values(), ids=PRICES)
@pytest.mark.parametrize("chosen", Pack, ids=lambda chosen: chosen.value)
def test_a_pack_costs_more_than_its_metrics_and_less_than_a_thousand_dollars(
    chosen: Pack, prices: Prices
) -> None:
    cost = monthly_cost(pack(chosen), servers=10, prices=prices)
    assert len(pack(chosen)) * prices.metric < cost < 1000
