"""How far one packet may unfold: a few bytes of gzip or zstd stand for gigabytes, and a sender who means harm sends many such."""

UNPACKED = 1 << 23  # bytes of one packet: eight times what a Kafka broker takes in a batch by default
CROWDED = 100_000  # fields of one packet, more than anybody looks at: nothing is unpacked to yield still more
TRIED = UNPACKED // 16  # what an attempt costs that yields nothing: it takes time, too


class Budget:
    """What is left of it, for all buffers of a packet."""

    __slots__ = ("left",)

    def __init__(self, left: int = UNPACKED) -> None:
        self.left = left

    def most(self, fields: int) -> int:
        """How many bytes may still be unpacked from a packet that has so many fields."""
        return self.left if fields < CROWDED else 0

    def take(self, plain: bytes | None) -> None:
        """Account for what was unpacked, or for an attempt."""
        self.left = max(0, self.left - (TRIED if plain is None else len(plain)))
