"""The other versions that the constructs are promised to work with, and all that comes out differently there.

An environment's packages are in ``requirements-NAME.txt``; ``make compatibility`` installs them. The
differences are also the tables of ``docs/reference/compatibility.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Difference:
    """A value in the JSON of every stack that is not the one that the pinned versions write.

    Args:
        place: Where it stands: the keys from the top, with dots between.
        pinned: What the pinned versions write.
        here: What is written in the environment.
        reason: Why, and why it does no harm.
    """

    place: str
    pinned: str
    here: str
    reason: str


@dataclass(frozen=True, eq=False)
class Environment:
    """Other versions of CDKTF or of its AWS provider than the pinned ones.

    Args:
        name: The name of its requirements and its folder.
        title: Its name for people.
        differences: All that it writes differently.
        renamed: The packages that are imported by another name there.
    """

    name: str
    title: str
    differences: tuple[Difference, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where it is installed, if it is."""
        return REPOSITORY / ".compatibility" / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def is_installed(self) -> bool:
        """Whether all its packages are there."""
        return (self.folder / ".installed").exists()

    @property
    def requirements(self) -> tuple[str, ...]:
        """Its packages, as pip reads them."""
        return tuple((Path(__file__).parent / f"requirements-{self.name}.txt").read_text().split())


CDK_TERRAIN = Environment(
    "cdktn",
    "CDK Terrain",
    renamed={"cdktf": "cdktn", "cdktf_cdktf_provider_aws": "cdktn_provider_aws"},
    differences=(
        Difference(
            "//.metadata.version",
            "0.21.0",
            "0.24.0",
            "CDK Terrain counts on from CDKTF's version; terraform does not read this.",
        ),
        Difference(
            "terraform.required_providers.aws.source",
            "aws",
            "hashicorp/aws",
            "The same provider: hashicorp is the namespace that terraform takes where none is written.",
        ),
        Difference(
            "terraform.required_providers.aws.version",
            "5.100.0",
            "6.69.1",
            "The version of the AWS provider that the bindings were generated from.",
        ),
    ),
)

PROVIDER_21 = Environment(
    "provider-21",
    "CDKTF with the bindings of AWS provider 6",
    differences=(
        Difference(
            "terraform.required_providers.aws.version",
            "5.100.0",
            "6.25.0",
            "The version of the AWS provider that the bindings were generated from.",
        ),
    ),
)

ENVIRONMENTS = (CDK_TERRAIN, PROVIDER_21)
