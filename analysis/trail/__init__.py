"""Who is behind a step? Its contacts, a customer's journey, and contacts that were named as evidence."""

from analysis.trail.contacts import contacts

__all__ = ["contacts"]
