"""Capture files and other evidence → events: a file per kind in `kinds/`, the readers of lines and clocks they share."""
