"""Bytes meant to break the kit: mutated references, captures that lie about themselves, texts that want to be commands."""
