"""Evidence opened and read against its guide: readings, comparison, plots, the view that renderers draw."""
