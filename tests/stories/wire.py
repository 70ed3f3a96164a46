"""A wire between a browser and the hall that can really be cut, for service workers too, and mended."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Forwards one port of this machine to another until `cut`; `mend` brings the same port back."""

    def __init__(self, to: int) -> None:
        self._to, self._open = to, set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._serve()

    @property
    def url(self) -> str:
        """Where the browser finds the hall's end."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._forward, args=[one, other], daemon=True).start()

    @staticmethod
    def _forward(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Nothing passes any more, neither on new connections nor on old ones."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open = set()

    def mend(self) -> None:
        """The same port again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._serve()
