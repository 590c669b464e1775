"""Fixtures that every test file may use."""

import pytest

from flows.settings import load_settings


@pytest.fixture(scope="session")
def settings():
    """Give the shipped settings."""
    return load_settings()
