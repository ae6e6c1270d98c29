"""The data channel establishment protocol."""
