"""Fixtures that every test file may use."""

import pytest

from flows.settings import load_settings


@pytest.fixture(scope="session")
def settings():
    """Give the shipped settings."""
    return load_settings()


@pytest.fixture(scope="session")
def bucket():
    """Give a bucket of a real S3-compatible server on this machine."""
    import boto3
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    patch = pytest.MonkeyPatch()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
    }.items():
        patch.setenv(name, value)
    boto3.client("s3", endpoint_url=url).create_bucket(Bucket="voc")
    S3FileSystem.clear_instance_cache()  # what was opened before knows neither this server nor its keys
    yield "s3://voc"
    server.stop()
    patch.undo()


@pytest.fixture(scope="session")
def browser():
    """Give a real Chromium; tests that want one are skipped where there is none."""
    from browsing import CHROMIUM, FLAGS, NO_CHROMIUM
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
