"""Sending a store's outbox as a front end does, with the settings given by name."""

from hht.outbox.gateway.settings import Given, UploadSettings, read_settings


def upload_settings(**settings: object) -> UploadSettings:
    """The settings of an upload, checked as they are for the command line."""
    return read_settings({name: Given(value, name) for name, value in settings.items()})
