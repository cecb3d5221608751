"""The rules room: what a release is held to, and who may loosen it: nobody from inside the reviewed tree."""

from ..domain.policy_file import laid_over as laid_over
from ._contacts import absolute as absolute
from ._contacts import contacts as contacts
from ._policies import Layer as Layer
from ._policies import parse_policy as parse_policy
from ._settling import Chosen as Chosen
from ._settling import Ruled as Ruled
from ._settling import settle as settle
from ._words import check_words as check_words
