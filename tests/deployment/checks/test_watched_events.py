from collections.abc import Callable

Problems = Callable[[str], list[str]]


def test_nothing_to_watch_is_refused(problems_of_account: Problems) -> None:
    assert problems_of_account("packs: []\nwatched_paths: []") == [
        "10: packs: nothing is watched: choose packs or events"
    ]


def test_more_than_100_metric_filters_on_a_log_group_are_refused(problems_of_account: Problems) -> None:
    paths = "\n".join(f"  - C:\\{number}.txt" for number in range(100))
    (problem,) = problems_of_account(f"packs: [article]\nwatched_paths:\n{paths}")
    assert problem.startswith("11: watched_paths: the events chosen need ")
    assert " metric filters on the log group of Security: CloudWatch Logs takes 100; " in problem
    assert "set 'engine: log' for the account or for some events, or name packs under pack_engines" in problem


def test_100_metric_filters_on_a_log_group_are_fine(problems_of_account: Problems) -> None:
    paths = "\n".join(f"  - C:\\{number}.txt" for number in range(100))
    only = "packs: []\nevents: {object-handle-requested: {enabled: true}}"
    assert not problems_of_account(f"{only}\nwatched_paths:\n{paths}")
    assert problems_of_account(f"{only}\nwatched_paths:\n{paths}\n  - C:\\100.txt")


def test_a_composite_alarm_names_events_that_have_an_alarm_here(problems_of_account: Problems) -> None:
    (problem,) = problems_of_account(
        "composite_alarms:\n  guessing:\n    title: Guessing\n"
        "    all_of: [logon-failed-network, special-privileges-assigned]"
    )
    assert problem == (
        "13: composite_alarms.guessing.all_of[1]: special-privileges-assigned has no alarm in a: the "
        "composite alarm could not name it; 'guessing: null' leaves it out there"
    )


def test_an_account_need_not_watch_the_events_of_a_composite_alarm_that_it_takes_away(
    problems_of: Problems,
) -> None:
    text = """\
        defaults:
          regions: [eu-central-1]
          notifications: {subscriptions: [{protocol: email, endpoint: a@example.com}]}
          composite_alarms:
            guessing: {title: Guessing, any_of: [logon-failed-network, user-account-locked-out]}
        accounts:
          a: {id: 111111111111}
          b:
            id: 222222222222
            packs: []
            events: {administrators-member-added: {enabled: true}}
        """
    assert len(problems_of(text)) == 2
    assert not problems_of(text + "    composite_alarms: {guessing: null}\n")
