"""The DNS lab: what a capture without nodes' names does not tell."""

UNNAMED = {"spoof": "a forged address stands where a server's would be"}
LIKE_ANOTHER = {
    "ttl@wait=1": "warm",  # asked again soon
    "spoof@caps=yes,id=seen": "insecure",  # an attack that nobody noticed
}
