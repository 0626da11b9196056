"""Network rules: names for addresses, which network policies let in or keep out."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class NetworkRule(SchemaObject):
    """Identifiers of one type; whether they may pass is said by the policy that names the rule."""

    kind: ClassVar[str] = "NETWORK_RULE"
    type: str
    """IPV4, IPV6, AWSVPCEID, AZURELINKID, GCPPSCID, HOST_PORT, PRIVATE_HOST_PORT or COMPUTE_POOL."""
    mode: str
    """INGRESS, INTERNAL_STAGE, SNOWFLAKE_MANAGED_STORAGE_VOLUME or EGRESS."""
    values: list[str] = field(default_factory=list)
