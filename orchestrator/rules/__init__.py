"""The rules room: what a release is held to, and who may loosen it: nobody from inside the reviewed tree."""

from ..domain.policy_file import laid_over as laid_over
from ._contacts import absolute as absolute
from ._contacts import contacts as contacts
from ._people import people as people
from ._policies import Layer as Layer
from ._policies import parse_policy as parse_policy
from ._settling import Chosen as Chosen
from ._settling import Ruled as Ruled
from ._settling import settle as settle
from ._shipped import policies as policies
from ._words import Backing as Backing
from ._words import Heap as Heap
from ._words import Weighed as Weighed
from ._words import check_criteria as check_criteria
from ._words import weigh as weigh
