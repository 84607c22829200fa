from typing import Any

import pytest

from deployment.reports.cost import WayCost, cost
from tests.modules.synthesis import monitored_region

SERVERS = (1, 20)


def ways(**settings: Any) -> dict[str, WayCost]:
    region = monitored_region(packs=["baseline"], **settings)
    return {way.way: way for way in cost(region, SERVERS).ways}


def test_the_ways_stand_beside_that_of_the_deployment() -> None:
    found = ways(engine="log")
    assert found["as deployed"].log_alarms == found["engine: log, layout: event"].log_alarms
    assert found["engine: metric"].log_alarms == 0


def test_metric_filters_cost_the_same_for_any_number_of_servers() -> None:
    one, twenty = ways()["engine: metric"].dollars
    assert one == twenty


def test_scans_grow_with_the_servers() -> None:
    one, twenty = ways()["engine: log, layout: event"].scanned
    assert twenty == pytest.approx(20 * one)


def test_scans_grow_with_the_overlap() -> None:
    # A window of 5 minutes of schedule alone, and of 10 with the lateness.
    short = ways(log_alarms={"lateness": 0})["engine: log, layout: severity"].scanned[0]
    long = ways(log_alarms={"lateness": 300})["engine: log, layout: severity"].scanned[0]
    assert short < long < 2 * short + 1


def test_alarms_that_are_shared_scan_less() -> None:
    found = ways()
    assert found["engine: log, layout: severity"].dollars < found["engine: log, layout: event"].dollars


def test_a_way_that_aws_would_refuse_is_named() -> None:
    packs = ["baseline", "domain-controller", "ransomware-precursors", "privileged-access"]
    region = monitored_region(packs=[*packs, "certificate-services"], engine="log")
    assert "refused: engine: metric: a log group takes 100 metric filters" in str(cost(region, SERVERS))
