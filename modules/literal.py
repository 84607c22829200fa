"""Text that terraform must take as it is."""


def literal(text: str) -> str:
    """Return the text with what terraform would take for a template escaped: ``${`` and ``%{``.

    The agent's configuration holds ``${aws:InstanceId}``, and a watched path may hold anything. Not for text
    with tokens of CDKTF in it.
    """
    return text.replace("${", "$${").replace("%{", "%%{")
