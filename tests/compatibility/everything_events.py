"""An event of the deployment's own, as a record."""

from dataclasses import replace

from catalog import Field, event

PAYROLL_LOGON = replace(
    event("logon-succeeded-network"),
    key="payroll-logon",
    published_metric_name="",
    packs=(),
    overlaps=(),
    where=(Field("TargetUserName") == "payroll",),
)
