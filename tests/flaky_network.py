"""A real network between two ends that can be cut: for tests of what waits and tries again."""

import contextlib
import socket
import threading


class Cable:
    """Passes connections on to an address, unless it is cut: then it refuses and drops them."""

    def __init__(self, host, port):
        self._target = (host, port)
        self._is_cut = threading.Event()
        self._open = set()
        self.refused = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Drop every connection, and refuse new ones."""
        self._is_cut.set()
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        """Let connections through again."""
        self._is_cut.clear()

    def close(self):
        """Stop listening."""
        self._listener.close()
        self.cut()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._is_cut.is_set():
                    self.refused += 1
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        for end in (source, sink):
            self._open.discard(end)
            with contextlib.suppress(OSError):
                end.close()
