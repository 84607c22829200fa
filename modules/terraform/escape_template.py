"""Text that terraform must take as it is."""

import re

#: What begins a template of terraform; CDKTF's tokens, which look like one, become references.
_TEMPLATE = re.compile(r"([$%])(?=\{(?!TfToken\[))")


def escape_template(text: str) -> str:
    """Return the text with what terraform would take for a template escaped: ``${`` and ``%{``.

    The agent's configuration holds ``${aws:InstanceId}``, and a watched path may hold anything. Tokens of
    CDKTF, such as the name of another resource, stay what they are.
    """
    return _TEMPLATE.sub(r"\1\1", text)
