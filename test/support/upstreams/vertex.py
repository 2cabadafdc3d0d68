"""Vertex AI: Gemini's form under a project's path, with a bearer token and ids of calls."""

import re

from .gemini import Gemini
from .server import Upstream


class Vertex(Gemini):
    name = "vertex"
    base = "/v1/projects/mx/locations/global/publishers/google"
    path = re.compile(r"^/v1/projects/mx/locations/global/publishers/google/models/(?P<model>.+)"
                      r":(?P<action>(streamG|g)enerateContent)$")
    check_credentials = Upstream.check_credentials

    def usage(self, usage):
        return {**super().usage(usage), "trafficType": "ON_DEMAND"}
