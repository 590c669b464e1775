"""Survey tools."""

from __future__ import annotations

from data.sources.raw import Source
from data.sources.surveys.googleforms import GoogleFormsSource
from data.sources.surveys.qualtrics import QualtricsSource
from data.sources.surveys.surveymonkey import SurveyMonkeySource
from data.sources.surveys.typeform import TypeformSource

SURVEYS: tuple[Source, ...] = (QualtricsSource(), SurveyMonkeySource(), TypeformSource(), GoogleFormsSource())
