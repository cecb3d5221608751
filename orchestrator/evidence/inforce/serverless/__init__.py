"""Reads what a service of the Serverless Framework declares as the template of CloudFormation that it becomes."""

from .services import Translated as Translated
from .services import is_service as is_service
from .services import translated as translated
