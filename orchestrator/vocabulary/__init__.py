"""The vocabulary room: words that the world keeps, as data, each row with an example that is its test."""

from .conditions import Condition as Condition
from .conditions import System as System
from .conditions import conditions as conditions
from .conditions import meaning_of as meaning_of
from .conditions import meanings as meanings
from .ignores import Ignore as Ignore
from .ignores import Kind as Kind
from .ignores import ignores as ignores
from .places import Folder as Folder
from .places import StageName as StageName
from .places import folders as folders
from .places import stage_names as stage_names
from .reading import names as names
from .reading import words as words
from .row import Row as Row
from .row import Said as Said
from .row import Trial as Trial
from .words import Words as Words
