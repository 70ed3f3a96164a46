"""Between the network and the WSGI application: slow and many connections end here, and no thread waits for them.

Granian speaks HTTP and holds the connections; `application.py` reads each body on the event loop, within limits, and
only then calls the WSGI application (`config/wsgi.py`) in a thread; answers are sent by the loop again (ADR 0047).
"""
