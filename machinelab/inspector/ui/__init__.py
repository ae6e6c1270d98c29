"""The full-screen inspector. The only place that imports Textual."""
