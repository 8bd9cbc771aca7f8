"""Every setting of MuseNest. What an operator may set is read from the environment (or `.env`) and documented
in `.env.example`.

One file per concern; this one only joins them.
"""

import django_stubs_ext

from musenest.settings.admin import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.api import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.apps import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.beat import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.database import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.environment import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.logs import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.mail import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.security import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.sign_in import *  # noqa: F403 -- joining them is what this file is for
from musenest.settings.stripe import *  # noqa: F403 -- joining them is what this file is for

# Lets Django's classes be written as generics, as their type stubs describe them.
django_stubs_ext.monkeypatch()
