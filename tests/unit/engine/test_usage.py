"""The engine's answers about what containers use, as Docker 20.10 (control groups 1) and 28 (2) give them."""

from machinelab.engine.usage import _used

OLD = {
    "cpu_stats": {"cpu_usage": {"total_usage": 1_500_000_000}},
    "memory_stats": {"usage": 10 << 20, "stats": {"inactive_file": 1, "total_inactive_file": 4 << 20}},
}
NEW = {
    "cpu_stats": {"cpu_usage": {"total_usage": 20_000_000}},
    "memory_stats": {"usage": 10 << 20, "stats": {"inactive_file": 3 << 20}},
}


def test_page_cache_that_nobody_uses_does_not_count() -> None:
    old, new = _used(OLD), _used(NEW)
    assert old and (old.memory, old.processor) == (6 << 20, 1.5)
    assert new and (new.memory, new.processor) == (7 << 20, 0.02)


def test_what_does_not_run_uses_nothing() -> None:
    assert _used({"memory_stats": {}, "cpu_stats": {}}) is None
