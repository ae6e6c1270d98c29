"""The worksheet as text: its console, its script, its dialogue."""
