"""Everything of MuseNest on this machine, in the foreground: what `script/server` runs once it is prepared.

In order: PostgreSQL and Valkey (unless the environment names others), assets, roles and migrations, then the
moderation server, the worker, beat and the web server; then the demonstration, which needs them. Then it
watches. A signal ends it all with status 0, a failure with status 1 and its reason.
"""

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from script.support import assets, environment, postgres, preflight, programs, testing, valkey
from script.support.progress import step
from script.support.service import HOST, ServiceError, last_lines, rotate
from script.support.supervisor import Stopped, Supervisor, ignore_signals, stop_on_signals

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "musenest"
MAIL_PROVIDERS = {"SENDGRID_API_KEY", "RESEND_API_KEY", "SMTP_HOST"}  # in musenest/settings/mail.py they win
READY_SECONDS = 90
DEMONSTRATION_SECONDS = 60


@dataclass
class Server:
    root: Path
    environment: dict[str, str]
    passwords: dict[str, str]
    supervisor: Supervisor

    def run(self) -> None:
        """Starts everything and watches it; ends by an exception."""
        own = self.start_postgres()
        self.start_valkey()
        with step("Fetching assets"):
            assets.prepare(self.root)
        self.prepare_database(own)
        if self.environment.get("ENVIRONMENT", self.environment.get("NODE_ENV")) == "production":
            self.manage("collectstatic", "--noinput")
        self.start_programs()
        self.load_demonstration()
        print(f"MuseNest is ready at http://{HOST}:{self.environment['PORT']}", flush=True)
        print(sign_ins(self.root / "var" / "demo.json"), end="", flush=True)
        print(letters(self.environment), end="", flush=True)
        self.supervisor.run()

    @property
    def postgres_folder(self) -> Path:
        return self.root / "var" / "postgres"

    @property
    def valkey_folder(self) -> Path:
        return self.root / "var" / "valkey"

    def start_postgres(self) -> postgres.Postgres | None:
        """The embedded PostgreSQL; None where the environment names another."""
        if {"DATABASE_URL", "DB_HOST"} & self.environment.keys():
            return None
        with step("Starting PostgreSQL"):
            server = postgres.start(self.postgres_folder, durable=True, log=self.supervisor.log("postgres"))
        self.supervisor.watch("postgres", server.pid)
        self.environment |= {
            "DATABASE_URL": server.url(DATABASE, user=testing.APP, password=self.passwords["app"]),
            "DATABASE_OWNER_URL": server.url(DATABASE, user=testing.OWNER, password=self.passwords["owner"]),
            "DATABASE_ADMIN_URL": server.admin_url,
        }
        return server

    def start_valkey(self) -> None:
        if "REDIS_URL" in self.environment:
            return
        with step("Starting Valkey"):
            server = valkey.start(self.valkey_folder, log=self.supervisor.log("valkey"))
        self.supervisor.watch("valkey", server.pid)
        self.environment["REDIS_URL"] = server.url

    def prepare_database(self, own: postgres.Postgres | None) -> None:
        """Roles and migrations. Left out where the embedded cluster has had these very ones."""
        stamp = None if own is None else migrated_stamp(self.root)
        wanted = f"{testing.migration_digest(self.root)} {digest(self.passwords)}"
        if stamp is not None and stamp.exists() and stamp.read_text() == wanted:
            return
        with step("Migrating the database"):
            if "DATABASE_ADMIN_URL" in self.environment:
                self.manage("bootstrap_roles")
            self.manage("migrate", "--noinput")
        if stamp is not None:
            stamp.write_text(wanted)

    def start_programs(self) -> None:
        started = [
            programs.moderation(self.root / "var" / "moderation", int(self.environment["MODERATION_PORT"])),
            programs.worker(self.environment["REDIS_URL"]),
            programs.beat(),
            programs.web(int(self.environment["PORT"])),
        ]
        with step("Starting the moderation server, worker, beat and web"):
            for program in started:
                self.supervisor.start(program)
            for program in started:
                self.supervisor.wait_until_ready(program, READY_SECONDS)

    def load_demonstration(self) -> None:
        """Made once; its sites are deployed by the programs started before."""
        if not any(self.root.glob("*/management/commands/load_demo.py")):
            return
        with step("Loading the demonstration"):
            self.manage("load_demo", "--wait", str(DEMONSTRATION_SECONDS))

    def manage(self, *command: str) -> None:
        """Runs a command of Django; raises ServiceError with the end of what it said."""
        log = self.supervisor.log("setup")
        rotate(log)
        with log.open("a") as file:
            since = file.seek(0, os.SEEK_END)
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=self.root,
                env=self.environment,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        if done.returncode != 0:
            said = last_lines(log, since=since)
            raise ServiceError(f"manage.py {command[0]} ended with status {done.returncode}:\n{said}")

    def stop(self) -> None:
        self.supervisor.stop()
        valkey.stop(self.valkey_folder)
        postgres.stop(self.postgres_folder)


def build(root: Path) -> Server:
    """The server with the environment of its programs, before the services have addresses."""
    found = environment.read(root)
    kept = environment.generated_secrets(root)
    passwords = {"app": kept.pop("APP_PASSWORD"), "owner": kept.pop("OWNER_PASSWORD")}
    if "ENCRYPTION_KEY" in found:
        kept.pop("ENCRYPTION_KEYS")
    ports = {
        "PORT": str(environment.port(found, "PORT", environment.WEB_PORT)),
        "MODERATION_PORT": str(environment.port(found, "MODERATION_PORT", environment.MODERATION_PORT)),
    }
    defaults = {
        "EGRESS_ALLOW": f"{HOST}:{ports['MODERATION_PORT']}",
        "MAIL_FOLDER": str(root / "var" / "mail"),
        "PYTHONUNBUFFERED": "1",
    }
    whole = kept | defaults | found | ports
    return Server(root, whole, passwords, Supervisor(root, whole))


def migrated_stamp(root: Path) -> Path:
    """Tells which migrations the embedded cluster has had."""
    return root / "var" / "postgres" / "migrated"


def digest(passwords: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(passwords, sort_keys=True).encode()).hexdigest()


def sign_ins(path: Path) -> str:
    """The demonstration's e-mail addresses and passwords, a line for each person; "" where there are none."""
    if not path.exists():
        return ""
    demonstration = json.loads(path.read_text(encoding="utf-8"))
    people = ((name, demonstration.get(name)) for name in ("staff", "customer", "other"))
    return "".join(f"  {name:9} {who['email']}  {who['password']}\n" for name, who in people if who)


def letters(settings: Mapping[str, str]) -> str:
    """Where e-mails are put, in a line; "" where a provider sends them."""
    return "" if MAIL_PROVIDERS & settings.keys() else f"  e-mails   {settings['MAIL_FOLDER']}\n"


def main(root: Path = ROOT) -> int:
    stop_on_signals()
    try:
        held = preflight.lock(root)
    except (ServiceError, OSError) as error:
        return failed(error)
    with held:
        return supervise(root)


def supervise(root: Path) -> int:
    """Runs the server until its end, and stops everything whatever happens."""
    own = root / "var" / "run" / "server.pid"
    server = None
    status = 0
    try:
        own.write_text(f"{os.getpid()}\n")
        preflight.check_environment(root)
        server = build(root)
        server.run()
    except Stopped:
        print("\nStopping.", flush=True)
    except (ServiceError, OSError) as error:
        status = failed(error)
    finally:
        ignore_signals()
        if server is not None:
            server.stop()
        own.unlink(missing_ok=True)
    return status


def failed(error: Exception) -> int:
    is_full = isinstance(error, OSError) and error.errno == errno.ENOSPC
    print(f"{'The disk is full: ' if is_full else ''}{error}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
