"""The event providers that the catalog's events come from, and how each writes its XML."""

from dataclasses import dataclass

from catalog.condition import Markup


@dataclass(frozen=True, slots=True)
class Provider:
    """An event provider: its name, the channel it writes to, and what its XML looks like.

    Args:
        name: The ``Name`` attribute of ``<Provider>``.
        channel: The channel, which is also the ``event_name`` of the agent's configuration.
        classic: Whether the event id carries a ``Qualifiers`` attribute, as for providers that predate
            manifests. ``<EventID>7045</EventID>`` never occurs: ``<EventID Qualifiers='16384'>7045`` does.
        markup: How data fields are written.
        implied: Whether the event id alone tells the provider in its channel.
    """

    name: str
    channel: str
    classic: bool = False
    markup: Markup = Markup.EVENT_DATA
    implied: bool = False

    def texts(self, event_id: int) -> tuple[str, ...]:
        """Return the texts that stand in the XML of every event with this id from this provider."""
        start = ">" if self.classic else "<EventID>"
        identity = (f"{start}{event_id}</EventID>",)
        return identity if self.implied else (*identity, f"<Provider Name='{self.name}'")


SECURITY_AUDITING = Provider("Microsoft-Windows-Security-Auditing", channel="Security", implied=True)
#: The Event Log service in the Security channel: 1100 to 1104.
SECURITY_EVENTLOG = Provider("Microsoft-Windows-Eventlog", channel="Security", markup=Markup.USER_DATA)
#: The Event Log service in the System channel: 104.
SYSTEM_EVENTLOG = Provider("Microsoft-Windows-Eventlog", channel="System", markup=Markup.USER_DATA)
SERVICE_CONTROL_MANAGER = Provider("Service Control Manager", channel="System", classic=True)
#: The Event Log service under the name it has had since Windows NT: 6008.
CLASSIC_EVENTLOG = Provider("EventLog", channel="System", classic=True)
