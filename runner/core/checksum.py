"""A checksum names its algorithm, so that a newer runner never calls an old script changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checksum:
    """`sha256:<hex>` over normalised text. Line ends, a byte-order mark and trailing blanks carry no weight."""

    algorithm: str
    digest: str

    @staticmethod
    def of(text: str) -> Checksum:
        return Checksum("sha256", hashlib.sha256(normalise(text).encode()).hexdigest())

    @staticmethod
    def parse(text: str) -> Checksum:
        algorithm, colon, digest = text.partition(":")
        if not colon:
            raise ValueError(f"'{text}' is not a checksum: it does not name its algorithm")
        return Checksum(algorithm, digest)

    def matches(self, text: str) -> bool:
        """Whether the text still has this checksum, by the algorithm it was made with."""
        if self.algorithm != "sha256":
            raise ValueError(f"this runner does not know the checksum algorithm '{self.algorithm}'")
        return Checksum.of(text) == self

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.digest}"


def normalise(text: str) -> str:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
