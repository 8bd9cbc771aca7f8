"""The sentences with figures that the domain and the servers' clients say, as templates for `%`.

They are English where they are said and recorded; pages recognise them by these templates and say them in the
reader's language.
"""

# About a configuration
THRESHOLD_MISSING = (
    "Without a detection threshold every part that the detector returns counts, however unsure it is."
)
THRESHOLD_UNDER_FLOOR = (
    "This site's server returns nothing under %(lowest)s %%, so a lower threshold does nothing more: "
    "%(useless)s."
)
THRESHOLD_MISSES_MUCH = (
    "At %(threshold)s the detector misses most of what it should find: on explicit pictures "
    "one user measured 61 %% found at 0.2, 38 %% at 0.5 and almost none at 0.9. Set 0.5 or less."
)
PUBLIC_THRESHOLD_LIFTED = (
    "The threshold for public pictures would be %(threshold)s %% and was lifted to %(lowest)s %%, "
    "the lowest that there is."
)
PRIVATE_THRESHOLD_CLAMPED = (
    "The threshold for private pictures would be %(threshold)s %% and was lowered to %(highest)s %%: "
    "a part counts there only if the detector is entirely sure."
)
CHILD_RISK_CLAMPED = (
    "The server itself would report a child from a risk of %(risk)s %% on; "
    "this was lowered to %(highest)s %%, its threshold for high risk. "
    "Our own child-safety rule always applies."
)

# About one value in it
NEEDED = "This is needed: set it."
KEY_UNKNOWN = "This key is not known here: correct its spelling or remove it."
KEY_NO_TEXT = "A key must be text."
KEY_ONE_OF = "Use one of %(expected)s as the key."
NUMBER = "Give a number."
NUMBER_FINITE = "Give a finite number."
AT_LEAST = "Give a number of at least %(ge)g."
AT_MOST = "Give a number of at most %(le)g."
YES_OR_NO = "Give true or false."
LIST = "Give a list."
LIST_AT_MOST = "Give at most %(max_length)s entries."
LIST_AT_LEAST = "Give at least %(min_length)s entry, or leave this out."
TEXT = "Give a text."
TEXT_UNICODE = "Give a text in valid Unicode."
TEXT_AT_MOST = "Give at most %(max_length)s characters."
TEXT_AT_LEAST = "Give at least %(min_length)s character."
OBJECT = "Give an object with keys and values."
UNUSABLE = "This value cannot be used."
LABEL_UNKNOWN = "%(label)s is not a label of NudeNet."
LABEL_TWICE = "This label and another spelling of %(known)s have different values: keep one of them."
KEYWORD_BAD = "A keyword needs a letter or a digit, and no control characters."
THRESHOLDS_INVERTED = (
    "Set the approval threshold (%(approval)s %%) under the rejection threshold (%(rejection)s %%)."
)
THRESHOLD_NEEDED = "Body parts need a detection threshold: set one between 0 and 1."
MULTIPLIER_NEEDED = "Set the child-risk multiplier, a number from 0 to 5."

# About a picture
PICTURE_TOO_MANY_PIXELS = "The picture has %(width)s x %(height)s pixels; at most %(most)s are accepted."
PICTURE_TOO_LARGE = "The picture has more than %(most)s MiB."
PICTURE_UNREADABLE = "The picture cannot be read: %(reason)s."
PICTURE_ODD_COLOURS = "Not every viewer shows this picture's colours alike. Save it as sRGB with 8 bits."

# Of a moderation server
ADAPTER_UNKNOWN = "This version does not speak to %(adapter)s servers."
ANSWER_UNREADABLE = "The moderation server's answer could not be read: %(what)s."
SERVER_TIMED_OUT = "The moderation server did not answer within %(seconds)s s."
SERVER_FAILED = "The moderation server answered with status %(status)s."
NEWER_REVISION = "The server holds a newer configuration (revision %(revision)s)."
DEPLOY_ONCE_MORE = NEWER_REVISION + " Deploy once more: the next revision will be newer."

ALL: tuple[str, ...] = tuple(said for name, said in sorted(vars().items()) if name.isupper())
