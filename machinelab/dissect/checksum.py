"""The Internet checksum: RFC 1071."""

BAD, GOOD, UNVERIFIED, ABSENT = 0, 1, 2, 3


def whole(data: bytes) -> bool:
    """Whether bytes that include their checksum add up: the ones' complement sum of their 16-bit words is all ones."""
    if len(data) % 2:
        data += b"\0"
    # 2¹⁶ is 1 modulo 2¹⁶−1, so the remainder of the whole number is the sum of its words with the carries put back.
    return int.from_bytes(data, "big") % 0xFFFF == 0 and any(data)
