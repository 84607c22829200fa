"""The text that an alarm's mail carries: what happened, how bad it is, where, and what to do."""

from dataclasses import asdict

from catalog.model.alarm_rule import AlarmDefaults
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


def alarm_description(
    event: SecurityEvent,
    *,
    account_name: str,
    account_id: str,
    region: str,
    query_name: str,
    language: Language = Language.ENGLISH,
) -> str:
    """Return the description of an event's alarm, cut to the 1,024 characters that CloudWatch keeps."""
    return _cut(
        _DESCRIPTION[language].format(
            title=localised.title(event, language),
            event_id=event.event_id,
            severity=localised.severity(event, language),
            account_name=account_name,
            account_id=account_id,
            region=region,
            condition=_condition(event.alarm, language) if event.alarm else "",
            query_name=query_name,
            runbook=localised.runbook(event, language),
        )
    )


def _condition(alarm: AlarmDefaults, language: Language) -> str:
    numbers = asdict(alarm)
    periods = _PERIODS[language].format(**numbers) if alarm.evaluation_periods > 1 else ""
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
