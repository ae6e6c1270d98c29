"""Decompression budget of one packet: a few bytes of gzip or zstd may decompress to gigabytes."""

UNPACKED = (
    1 << 23
)  # bytes that one packet may decompress to: eight times what a Kafka broker takes in a batch by default
CROWDED = 100_000  # fields of one packet; beyond that nothing more is decompressed
TRIED = UNPACKED // 16  # what a failed attempt is charged, because it takes time too


class Budget:
    """The bytes that may still be decompressed, over all buffers of a packet."""

    __slots__ = ("left",)

    def __init__(self, left: int = UNPACKED) -> None:
        self.left = left

    def most(self, fields: int) -> int:
        """How many bytes may still be decompressed in a packet that has this many fields."""
        return self.left if fields < CROWDED else 0

    def take(self, plain: bytes | None) -> None:
        """Charge the decompressed bytes, or a failed attempt (None)."""
        self.left = max(0, self.left - (TRIED if plain is None else len(plain)))
