"""Mailboxes: mbox files and single messages (.eml)."""
