"""machinelab: real servers in containers, real packets, each explained by the guide."""

__version__ = "0.1.0"
