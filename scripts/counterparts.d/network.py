"""The main job against a network that is not ours: network.py KIND OURS THEIRS.

Announced, with the first answer lost on the way, and said once all the same; corrected; withdrawn. The network itself
is asked what stands there.
"""
import http.client, http.server, json, os, subprocess, sys, threading, time, urllib.error, urllib.parse, urllib.request

kind, ours, theirs = sys.argv[1:4]
said, password = "The gardener let me hold the lantern while the bats came out.", "a kingfisher over berth four"


def ask(method, url, body=None, token=None, fail=True):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        text = urllib.request.urlopen(request, timeout=30).read()
    except urllib.error.HTTPError as e:
        if not fail:
            return {"status": e.code, **(json.loads(e.read() or b"{}") if "json" in e.headers.get("content-type", "") else {})}
        sys.exit(f"{method} {url}: {e.code} {e.read().decode()}")
    return json.loads(text) if text else None


def api(method, path, token=None, body=None):
    return ask(method, ours + "/api/v1" + path, body, token)


def wait(what, *urls):
    for url in urls:
        for _ in range(480):
            try:
                urllib.request.urlopen(url, timeout=2).read()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.25)
        else:
            sys.exit(f"{what}: {url} does not open")


class Between(http.server.BaseHTTPRequestHandler):
    """Carries requests to the network and answers back; the first answer to what is said gets lost."""

    protocol_version = "HTTP/1.1"
    lost = []
    said = 0

    def carry(self):
        there = urllib.parse.urlsplit(theirs)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        line = http.client.HTTPConnection(there.hostname, there.port, timeout=30)
        kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
        line.request(self.command, self.path, body or None, {**kept, "Host": there.netloc})
        answer = line.getresponse()
        content = answer.read()
        self.close_connection = True
        if self.command == "POST" and network.says in self.path:
            Between.said += 1
            if not Between.lost:
                Between.lost.append(answer.status)
                return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "content-encoding"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = carry

    def log_message(self, *_):
        pass


between = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
threading.Thread(target=between.serve_forever, daemon=True).start()
through = f"http://127.0.0.1:{between.server_port}"


class Bluesky:
    """A personal data server; its directory is named to our server by configuration."""

    says = "com.atproto.repo.putRecord"

    def open(self):
        wait("the data server", theirs + "/xrpc/_health")
        account = {"handle": "museum.test", "email": "museum@example.org", "password": password}
        made = ask("POST", theirs + "/xrpc/com.atproto.server.createAccount", account)
        self.did = made["did"]
        app = ask("POST", theirs + "/xrpc/com.atproto.server.createAppPassword", {"name": "loggia"}, made["accessJwt"])
        self.secret = app["password"]
        # By its name and its identity: the account's server is found through the directory.
        return [{"handle": "museum.test"}, {"handle": self.did}, {"handle": self.did, "pds": through}]

    def posts(self):
        query = urllib.parse.urlencode({"repo": self.did, "collection": "app.bsky.feed.post"})
        found = ask("GET", f"{theirs}/xrpc/com.atproto.repo.listRecords?{query}")
        for record in found["records"]:
            value = record["value"]
            assert value["embed"]["external"]["uri"].startswith(ours + "/h/"), value
            for facet in value.get("facets", []):
                span = value["text"].encode()[facet["index"]["byteStart"]:facet["index"]["byteEnd"]].decode()
                feature = facet["features"][0]
                assert feature.get("uri", span) == span, (span, feature)
        return [record["value"]["text"] for record in found["records"]]


class Mastodon:
    """A mock of the Mastodon API with a token of its own."""

    says = "/api/v1/statuses"
    secret = "mock_token"

    def open(self):
        wait("the mock", theirs + "/api/v1/instance")
        me = ask("GET", theirs + "/api/v1/accounts/verify_credentials", None, "mock_token")
        self.account = me["id"]
        self.before = {status["id"] for status in self.statuses()}
        return [{"site": theirs}, {"site": through}]

    def statuses(self):
        return ask("GET", f"{theirs}/api/v1/accounts/{self.account}/statuses?limit=40", None, "mock_token")

    def posts(self):
        new = [status for status in self.statuses() if status["id"] not in self.before]
        sources = [ask("GET", f"{theirs}/api/v1/statuses/{s['id']}/source", None, "mock_token", fail=False) for s in new]
        return [source.get("text") or status["content"] for source, status in zip(sources, new)]


network = {"bluesky": Bluesky, "mastodon": Mastodon}[kind]()
configs = network.open()
wait("our server", ours + "/readyz")


def acknowledge(token, document):
    version = api("GET", f"/guidelines/{document}", token)["version"]
    api("POST", f"/guidelines/{document}/acknowledgements", token, {"version": version})


def member(name, *roles):
    command = [os.environ["PROGRAM"], "member", "add", name, "--display", name.title(), "--email", name + "@example.org", "--password-stdin"]
    for role in roles:
        command += ["--role", role]
    subprocess.run(command, input=password.encode(), check=True, stdout=subprocess.DEVNULL)
    token = api("POST", "/session", None, {"login": name, "password": password})["token"]
    acknowledge(token, "community")
    return token


greta = member("greta", "admin")
api("POST", "/guidelines/messaging/versions", greta, {"body": "Speak quietly of others.", "change": "major"})
ada, nia, mo, pia = member("ada"), member("nia", "champion"), member("mona", "moderator"), member("pia", "publisher")
acknowledge(mo, "messaging")
acknowledge(pia, "messaging")

for number, config in enumerate(configs):
    wanted = {"kind": kind, "name": f"Outside {number}", "config": config, "secret": network.secret}
    channel = api("POST", "/channels", greta, wanted)
    health = api("POST", f"/channels/{channel['id']}/verification", greta, {})
    assert health["health"] == "good", (config, health)
assert network.posts() == [], "asking posts nothing"
channel = next(one for one in api("GET", "/channels", pia)["items"] if one["id"] == channel["id"])
print("connected as", channel.get("account"))

category = api("POST", "/categories", greta, {"name": "Night garden"})["id"]
started = api("POST", "/threads", ada, {"category_id": category, "title": "Bats at dusk", "body": said})
thread = started.get("thread", started)["id"]
post = api("GET", f"/threads/{thread}/posts", nia)["items"][0]["id"]
wish = {"post_id": post, "excerpt": said, "title": "Bats at dusk", "reason": "It shows the garden at night."}
highlight = api("POST", "/highlights", nia, wish)["id"]
yes = {"decision": "grant", "attribution": "name", "trimming": False, "by_hand": False, "channels": [kind]}
api("POST", f"/highlights/{highlight}/consent", ada, yes)
api("POST", f"/highlights/{highlight}/approval", mo, {"decision": "approve"})


def delivery(operation):
    for _ in range(480):
        found = [d for d in api("GET", "/deliveries", pia)["items"] if d["operation"] == operation]
        if found and found[0]["state"] in ("sent", "dead", "needs_human"):
            return found[0]
        time.sleep(0.25)
    sys.exit(f"{operation} does not arrive: {found}")


text = f"“{said}” Ada, in our community."
api("POST", f"/highlights/{highlight}/announcements", pia, {"channel_id": channel["id"], "text": text})
announced = delivery("announce")
assert announced["state"] == "sent" and announced["url"].startswith("http"), announced
texts = network.posts()
assert len(texts) == 1 and "bats came out" in texts[0], texts
assert Between.lost == [200], "the first answer got lost on the way"
print("said", Between.said, "times, stands there once")
number = announced["origin_id"]

# Corrected: the old words are gone, and there is still one.
better = f"“{said}” So says Ada, in our community."
api("POST", f"/announcements/{number}/correction", pia, {"text": better})
corrected = delivery("correct")
assert corrected["state"] == "sent", corrected
texts = network.posts()
assert len(texts) == 1 and "So says Ada" in texts[0], texts

# The author takes it back inside: it is taken back outside.
api("POST", f"/highlights/{highlight}/consent", ada, {"decision": "withdraw"})
withdrawn = delivery("withdraw")
assert withdrawn["state"] == "sent", withdrawn
assert network.posts() == [], network.posts()
print("announced once, corrected, withdrawn; tries:", announced["tries"], corrected["tries"], withdrawn["tries"])
