"""A PostgreSQL of its own: Debian's, with its data in a folder of the test, for `store: postgresql://…`."""

import os
import pathlib
import pwd
import signal
import subprocess
import tempfile

from .ports import HOST, free_port
from .program import Program
from .waiting import Late, until

#: Whom the server runs as when the test is root, which PostgreSQL refuses to be.
SERVER_USER = "postgres"
NAME, PASSWORD = "causeway", "interop"


class PostgreSQL:
    """One server with one empty database; `uri` names it."""

    def __init__(self, folder: pathlib.Path):
        self.port = free_port()
        self.uri = f"postgresql://{NAME}:{PASSWORD}@{HOST}:{self.port}/{NAME}"
        self._state = folder / "postgresql"
        self._programs = _newest_programs()
        data = self._state / "data"
        self.program = Program("postgresql", self._as_server_user("INT", [
            self._programs / "postgres", "-D", data, "-p", self.port, "-h", HOST, "-k", "", "-c", "max_connections=60",
            "-c", "shared_buffers=32MB", "-c", "dynamic_shared_memory_type=mmap",
        ]), folder / "postgresql.log")

    async def start(self) -> "PostgreSQL":
        """Ready for connections; the first time with a new database."""
        fresh = not self._state.exists()
        if fresh:
            self._make_folder()
            self._run("initdb", "-D", self._state / "data", "-U", NAME, "-A", "scram-sha-256", "-E", "UTF8",
                      "--locale=C", "--no-instructions", f"--pwfile={self._state / 'password'}")
        await self.program.start()
        await until(20, "postgresql takes connections", self._is_ready)
        if fresh:
            self._run("createdb", "-h", HOST, "-p", self.port, "-U", NAME, NAME)
        return self

    async def stop(self) -> None:
        """Fast: whoever is connected is cut off."""
        await self.program.stop(20, by=signal.SIGINT)

    def _is_ready(self) -> bool:
        if not self.program.running:
            raise Late(f"postgresql ended; {self.program.last_words()}")
        asked = subprocess.run([self._programs / "pg_isready", "-q", "-h", HOST, "-p", str(self.port)],
                               stdin=subprocess.DEVNULL, timeout=20)
        return asked.returncode == 0

    def _make_folder(self) -> None:
        self._state.mkdir(parents=True, mode=0o700)
        password = self._state / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            user = pwd.getpwnam(SERVER_USER)
            for path in (self._state, password):
                os.chown(path, user.pw_uid, user.pw_gid)
            # A temporary folder is its owner's alone; the server has to pass through to its own.
            for parent in self._state.parents:
                if pathlib.Path(tempfile.gettempdir()) in parent.parents:
                    parent.chmod(parent.stat().st_mode | 0o011)

    def _run(self, program: str, *arguments: object) -> None:
        command = self._as_server_user("TERM", [self._programs / program, *arguments])
        done = subprocess.run(command, timeout=60, text=True, stdin=subprocess.DEVNULL, capture_output=True,
                              cwd=self._state, env={**os.environ, "PGPASSWORD": PASSWORD})
        if done.returncode != 0:
            raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")

    @staticmethod
    def _as_server_user(at_parents_end: str, command: list[object]) -> list[str]:
        command = [str(argument) for argument in command]
        if os.geteuid() != 0:
            return command
        # The signal at the parent's end does not outlive a change of user, so it is asked for again.
        return ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--init-groups",
                f"--pdeathsig={at_parents_end}", "--", *command]


def _newest_programs() -> pathlib.Path:
    """Debian keeps them off the path, one folder a version."""
    folders = [path.parent for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        raise RuntimeError("no PostgreSQL to test with: install Debian's package postgresql")
    return max(folders, key=lambda folder: int(folder.parent.name))
