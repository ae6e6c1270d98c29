"""Live tests measure a whole machine. One that fails is tried once more, and both are told at the end (RERUN); soak has no second try."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin(
        "rerunfailures"
    ):  # -p no:rerunfailures: whoever looks for what fails now and then
        return
    for item in items:
        if item.get_closest_marker("live") and not item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.flaky(reruns=1))
