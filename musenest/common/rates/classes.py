"""The classes of requests that are limited, each with its rate."""

from dataclasses import dataclass, replace

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond

MINUTES_OF_AN_ANONYMOUS_CALLER = 15


@dataclass(frozen=True)
class Rate:
    """At most `item.amount` requests in any span of `item.get_expiry()` seconds, for each subject.

    A vital rate (money, authentication) lets nothing through while it cannot be counted.
    """

    name: str
    item: RateLimitItem
    is_vital: bool = False

    @property
    def amount(self) -> int:
        return self.item.amount

    @property
    def seconds(self) -> int:
        return self.item.get_expiry()

    def with_amount(self, amount: int) -> "Rate":
        """The same for a tier that allows another number."""
        return replace(self, item=type(self.item)(amount, self.item.multiples))


ANONYMOUS = Rate("anonymous", RateLimitItemPerMinute(100, MINUTES_OF_AN_ANONYMOUS_CALLER))
# Of one address to sign in, apart from what it reads: a page elsewhere can have a browser read, so that its
# person could not sign in.
TRIES = replace(ANONYMOUS, name="tries")
AUTH = Rate("auth", RateLimitItemPerMinute(5), is_vital=True)
API = Rate("api", RateLimitItemPerMinute(100))
# Of all its people and keys together: more keys are not more requests.
ORGANIZATION = Rate("organization", RateLimitItemPerMinute(1000))
STAFF = Rate("staff", RateLimitItemPerMinute(200))
# Of the portal and the site; how many is PAGES_PER_MINUTE's to say.
PAGES = Rate("pages", RateLimitItemPerMinute(1))
# Of one kind to one letter box, where whoever knows its address can cause them.
LETTERS = Rate("letters", RateLimitItemPerHour(5))
# How many is the tier's to say (`with_amount`); this is the least.
ANALYZE = Rate("analyze", RateLimitItemPerSecond(1), is_vital=True)
