"""Somebody on the other side of the net: HTTP with cookies, over a real socket, to any host of the hall."""

import http.client
import json
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Answer:
    """What came back."""

    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self):
        """The page."""
        return self.body.decode()

    def json(self):
        """The object."""
        return json.loads(self.body)

    @property
    def token(self):
        """The token of an officer's form."""
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text).group(1)


class Visitor:
    """One browser: its cookies go to every host, as they do behind one name."""

    def __init__(self):
        self.cookies = {}

    def ask(self, method, url, body=None, **headers):
        """One request; a redirect is not followed."""
        parts = urlsplit(url)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            connection.request(method, path, body, {"Sec-Fetch-Site": "same-origin", **headers})
            response = connection.getresponse()
            for given in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: one.value for name, one in SimpleCookie(given).items()}
            return Answer(response)
        finally:
            connection.close()

    def get(self, url, **headers):
        """Read."""
        return self.ask("GET", url, **headers)

    def post(self, url, fields):
        """Send a form."""
        return self.ask("POST", url, urlencode(fields), **{"Content-Type": "application/x-www-form-urlencoded"})

    def send(self, url, told, **headers):
        """Send JSON, as a program does."""
        return self.ask("POST", url, json.dumps(told), **{"Content-Type": "application/json", **headers})
