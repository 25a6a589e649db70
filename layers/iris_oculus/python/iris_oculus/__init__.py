"""What every part of IRIS Oculus shares: domain, contracts, use cases and AWS adapters."""

__version__ = "1.0.0"
