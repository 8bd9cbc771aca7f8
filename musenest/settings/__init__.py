"""Every setting of MuseNest. What an operator may set is read from the environment (or `.env`) and documented in `.env.example`.

One file per concern; this one only joins them.
"""

import django_stubs_ext

from musenest.settings.admin import *
from musenest.settings.api import *
from musenest.settings.apps import *
from musenest.settings.beat import *
from musenest.settings.database import *
from musenest.settings.environment import *
from musenest.settings.logs import *
from musenest.settings.security import *
from musenest.settings.stripe import *

# Lets Django's classes be written as generics, as their type stubs describe them.
django_stubs_ext.monkeypatch()
