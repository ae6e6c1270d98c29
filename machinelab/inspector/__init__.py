"""The full-screen inspector: opening evidence, large captures, a run while it lasts; keys, panes and lists in `ui/`."""
