from typing import Any
from uuid import uuid4

from moderation.models import Server, ServerStatus
from moderation.services import servers
from musenest.common import tenancy
from tests.samples.people import MAKER


def server(port: int = 5999, **fields: Any) -> Server:
    """On this machine, and said to be online: sites are placed on no other."""
    usual = {"name": f"local {uuid4().hex[:6]}", "protocol": "http", "ip_address": "127.0.0.1", "port": port}
    told = {"status": ServerStatus.ONLINE} | {
        name: fields.pop(name) for name in set(fields) - set(servers.SETTABLE)
    }
    with tenancy.staff():
        made = servers.create(fields=usual | fields, by=MAKER)
        Server.objects.filter(pk=made.pk).update(**told)
        made.refresh_from_db()
    return made
