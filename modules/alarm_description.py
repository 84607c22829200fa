"""The text that an alarm's mail carries: what happened, how bad it is, where, and what to do."""

from catalog import SecurityEvent, Severity
from deployment import Language

#: PutMetricAlarm's limit on AlarmDescription, in characters.
MAXIMUM_LENGTH = 1024

_SEVERITY_JA = {
    Severity.INFORMATIONAL: "情報",
    Severity.LOW: "低",
    Severity.MEDIUM: "中",
    Severity.HIGH: "高",
    Severity.CRITICAL: "重大",
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
    alarm = event.alarm
    if language is Language.JAPANESE:
        lines = [
            f"{event.title_ja} (イベント ID {event.event_id})",
            f"重大度: {_SEVERITY_JA[event.severity]}",
            f"アカウント: {account_name} ({account_id})、リージョン: {region}",
            f"条件: {alarm.period} 秒間に {alarm.threshold} 件以上" if alarm else "",
            f"クエリ: {query_name}",
            f"対応: {event.runbook_ja}",
        ]
    else:
        lines = [
            f"{event.title} (event id {event.event_id})",
            f"Severity: {event.severity.value}",
            f"Account: {account_name} ({account_id}), region: {region}",
            f"Condition: {alarm.threshold} or more in {alarm.period} seconds" if alarm else "",
            f"Query: {query_name}",
            f"What to do: {event.runbook}",
        ]
    return _cut("\n".join(filter(None, lines)))


def silence_description(channel: str, where: str, period: int, language: Language = Language.ENGLISH) -> str:
    """Return the description of the alarm for a log group to which nothing comes any more.

    Args:
        channel: The event log, such as ``Security``.
        where: Account and region, as people call them.
        period: The silence that is an alarm, in seconds.
        language: The language to write in.
    """
    if language is Language.JAPANESE:
        return _cut(
            f"{channel} ログのイベントが {period} 秒間届いていません\n{where}\n"
            "対応: CloudWatch エージェントが動作しているか、"
            "サーバーのタグとインスタンスプロファイルが正しいか、"
            "ロググループへ書き込む権限があるかを確認する。python -m verify で原因を調べられる。"
        )
    return _cut(
        f"No event of the {channel} log has arrived for {period} seconds\n{where}\n"
        "What to do: check that the CloudWatch agent runs, that servers carry the tags and the instance "
        "profile, and that they may write to the log group; python -m verify tells which. Until then nothing "
        "is watched."
    )


def composite_description(title: str, where: str) -> str:
    """Return the description of an alarm over other alarms.

    Args:
        title: What it means when it rings.
        where: Account and region, as people call them.
    """
    return _cut(f"{title}\n{where}")


def _cut(text: str) -> str:
    return text if len(text) <= MAXIMUM_LENGTH else text[: MAXIMUM_LENGTH - 1] + "…"
