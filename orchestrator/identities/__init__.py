"""The identities room: who a policy knows, and what shows that it is one of them who speaks."""

from .knowing import Known as Known
from .knowing import Speaker as Speaker
from .knowing import Spoken as Spoken
from .people import Claim as Claim
from .people import Issuer as Issuer
from .people import People as People
from .people import Person as Person
