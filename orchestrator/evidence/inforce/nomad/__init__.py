"""Reads the jobs of Nomad as what Kubernetes would run them as."""

from .jobs import Found as Found
from .jobs import Nomad as Nomad
from .jobs import SetAside as SetAside
from .jobs import has_job as has_job
