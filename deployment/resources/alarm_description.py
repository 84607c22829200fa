"""The text that an alarm's mail carries: what happened, how bad it is, where, and what to do."""

from collections.abc import Sequence
from dataclasses import asdict

from catalog.model.alarm_rule import AlarmDefaults
from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent
from deployment.resources import localised
from deployment.settings.deployment import Language

#: PutMetricAlarm's limit on AlarmDescription, in characters; terraform's AWS provider counts bytes of UTF-8.
MAXIMUM_LENGTH = 1024

_DESCRIPTION = {
    Language.ENGLISH: """\
{title} (event id {event_id})
Severity: {severity}
Account: {account_name} ({account_id}), region: {region}
{condition}Query: {query_name}
What to do: {runbook}""",
    Language.JAPANESE: """\
{title} (イベント ID {event_id})
重大度: {severity}
アカウント: {account_name} ({account_id})、リージョン: {region}
{condition}クエリ: {query_name}
対応: {runbook}""",
}
_CONDITION = {
    Language.ENGLISH: "Condition: {threshold} or more in {period} seconds{periods}\n",
    Language.JAPANESE: "条件: {period} 秒間に {threshold} 件以上{periods}\n",
}
_PERIODS = {
    Language.ENGLISH: ", in {datapoints_to_alarm} of {evaluation_periods} periods",
    Language.JAPANESE: "、{evaluation_periods} 期間のうち {datapoints_to_alarm} 期間で",
}
_CONTRIBUTORS = {
    Language.ENGLISH: ", for each {contributors}",
    Language.JAPANESE: "、{contributors} ごと",
}


def alarm_description(
    event: SecurityEvent,
    *,
    account_name: str,
    account_id: str,
    region: str,
    query_name: str,
    language: Language = Language.ENGLISH,
    contributors: Sequence[str] = (),
) -> str:
    """Return the description of an event's alarm, cut to the 1,024 characters that CloudWatch keeps.

    Args:
        event: The event.
        account_name: The account's name in the deployment.
        account_id: Its id.
        region: The region.
        query_name: The saved query that shows the records.
        language: The language to write in.
        contributors: The fields by which a log alarm judges its records. Default: none.
    """
    return _cut(
        _DESCRIPTION[language].format(
            title=localised.title(event, language),
            event_id=event.event_id,
            severity=localised.severity(event, language),
            account_name=account_name,
            account_id=account_id,
            region=region,
            condition=_condition(event.alarm, contributors, language) if event.alarm else "",
            query_name=query_name,
            runbook=localised.runbook(event, language),
        )
    )


def _condition(alarm: AlarmDefaults, contributors: Sequence[str], language: Language) -> str:
    numbers = asdict(alarm)
    periods = _PERIODS[language].format(**numbers) if alarm.evaluation_periods > 1 else ""
    if contributors:
        periods += _CONTRIBUTORS[language].format(contributors=", ".join(contributors))
    return _CONDITION[language].format(**numbers, periods=periods)


def no_data_description(channel: str, where: str, period: int, language: Language = Language.ENGLISH) -> str:
    """Return the description of the alarm for a log group that receives no event.

    Args:
        channel: The event log, such as ``Security``.
        where: The account and region, for people.
        period: How many seconds without an event are an alarm.
        language: The language to write in.
    """
    if language is Language.JAPANESE:
        return _cut(
            f"{channel} ログのイベントが {period} 秒間届いていない\n{where}\n"
            "対応: CloudWatch エージェントが動作しているか、"
            "サーバーのタグとインスタンスプロファイルが正しいか、"
            "ロググループへ書き込む権限があるかを確認する。python -m verify で原因を調べられる。"
            "復旧するまでは何も監視されない。"
        )
    return _cut(
        f"No event of the {channel} log has arrived for {period} seconds\n{where}\n"
        "What to do: check that the CloudWatch agent runs, that servers carry the tags and the instance "
        "profile, and that they may write to the log group; python -m verify shows which. Until then nothing "
        "is watched."
    )


def events_description(
    events: Sequence[SecurityEvent], where: str, language: Language = Language.ENGLISH
) -> str:
    """Return the description of a log alarm over several events, whose notification names one of them.

    Args:
        events: The events.
        where: The account and region, for people.
        language: The language to write in.
    """
    if language is Language.JAPANESE:
        first = f"通知の Event が示すイベントが発生した\n{where}\n対応手順: ダッシュボード、または "
        first += "python -m catalog show KEY"
    else:
        first = f"The event that Event in the notification names has occurred\n{where}\nWhat to do: see the "
        first += "runbook on the dashboard, or python -m catalog show KEY"
    return _cut("\n".join([first, *(f"{e.key}: {localised.title(e, language)}" for e in events)]))


def correlation_description(
    correlation: Correlation, where: str, language: Language = Language.ENGLISH
) -> str:
    """Return the description of the alarm of a correlation.

    Args:
        correlation: The correlation.
        where: The account and region, for people.
        language: The language to write in.
    """
    groups = ", ".join(correlation.group_by)
    severity = localised.severity(correlation, language)
    title, runbook = localised.title(correlation, language), localised.runbook(correlation, language)
    if language is Language.JAPANESE:
        return _cut(f"{title}\n重大度: {severity}\n{where}\n{groups} ごと\n対応: {runbook}")
    return _cut(f"{title}\nSeverity: {severity}\n{where}\nFor each {groups}\nWhat to do: {runbook}")


def composite_description(title: str, where: str) -> str:
    """Return the description of an alarm over other alarms.

    Args:
        title: What it means when it fires.
        where: The account and region, for people.
    """
    return _cut(f"{title}\n{where}")


def _cut(text: str) -> str:
    if len(text.encode()) <= MAXIMUM_LENGTH:
        return text
    # Not in the middle of a character.
    return text.encode()[: MAXIMUM_LENGTH - len("…".encode())].decode(errors="ignore") + "…"
