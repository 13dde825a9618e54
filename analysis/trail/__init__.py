"""Who is behind a step? Its contacts, a customer's journey, and contacts that were named as evidence."""

from analysis.trail.contacts import contacts
from analysis.trail.journey import journey
from analysis.trail.recheck import recheck

__all__ = ["contacts", "journey", "recheck"]
