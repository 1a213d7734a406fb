"""Pictures in a bucket: s3.py OURS THEIRS FOLDER LOG. See 60-s3."""
import html.parser, http.cookiejar, json, os, struct, subprocess, sys, time, urllib.error, urllib.parse, urllib.request, zlib
import boto3

ours, theirs, folder, log = sys.argv[1:5]
password = "a kingfisher over berth four"


def wait(url, server=None):
    for _ in range(480):
        try:
            return urllib.request.urlopen(url, timeout=2).read()
        except OSError:
            if server and server.poll() is not None:
                sys.exit(f"the server has ended: {open(log).read()}")
            time.sleep(0.25)
    sys.exit(f"{url} does not open")


def client(kind, key="none", secret="none"):
    return boto3.client(kind, endpoint_url=theirs, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret)


for _ in range(480):
    try:
        client("s3").create_bucket(Bucket="commons")
        break
    except Exception:
        time.sleep(0.25)
else:
    sys.exit("moto does not open")
iam = client("iam")
iam.create_user(UserName="forum")
key = iam.create_access_key(UserName="forum")["AccessKey"]
allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="forum", PolicyName="all", PolicyDocument=json.dumps(allowed))
bucket = client("s3", key["AccessKeyId"], key["SecretAccessKey"])


def files():
    return sorted(one["Key"] for one in bucket.list_objects_v2(Bucket="commons").get("Contents", []))


def program(*words, **settings):
    done = subprocess.run([os.environ["PROGRAM"], *words], env={**os.environ, **settings}, capture_output=True, text=True, timeout=90)
    said = done.stdout + done.stderr
    assert key["SecretAccessKey"] not in said and "wrong" not in said, said
    return done.returncode, said


# What is set wrongly is said at start.
os.environ["LOGGIA_S3_ACCESS_KEY"] = key["AccessKeyId"]
secret = os.environ["LOGGIA_S3_SECRET_FILE"]
open(secret, "w").write("wrong" * 8)
code, said = program("serve")
assert code != 0 and "media_store s3://commons/pictures" in said and "the key is not known there" in said, said
open(secret, "w").write(key["SecretAccessKey"] + "\n")
code, said = program("serve", LOGGIA_MEDIA_STORE="s3://elsewhere")
assert code != 0 and "there is no such place" in said, said
code, said = program("check")
assert code == 0 and "s3://commons/pictures" in said, said
print("wrong settings are named, and no secret with them")

server = subprocess.Popen([os.environ["PROGRAM"], "serve"], stdout=open(log, "w"), stderr=subprocess.STDOUT)
try:
    wait(ours + "/readyz", server)
    assert files() == [], files()
    added = [os.environ["PROGRAM"], "member", "add", "ada", "--display", "Ada", "--email", "ada@example.org", "--role", "admin", "--password-stdin"]
    subprocess.run(added, input=password.encode(), check=True, stdout=subprocess.DEVNULL)

    def api(method, path, token=None, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(ours + "/api/v1" + path, data, headers, method=method)
        try:
            text = urllib.request.urlopen(request, timeout=60).read()
        except urllib.error.HTTPError as e:
            sys.exit(f"{method} {path}: {e.code} {e.read().decode()}")
        return json.loads(text) if text else None

    token = api("POST", "/session", None, {"login": "ada", "password": password})["token"]
    version = api("GET", "/guidelines/community", token)["version"]
    api("POST", "/guidelines/community/acknowledgements", token, {"version": version})
    category = api("POST", "/categories", token, {"name": "Garden"})["id"]

    class Tags(html.parser.HTMLParser):
        def __init__(self, text):
            super().__init__()
            self.all = []
            self.feed(text)

        def handle_starttag(self, tag, attributes):
            self.all.append((tag, dict(attributes)))

        def one(self, tag, **wanted):
            return next(a for t, a in self.all if t == tag and all(a.get(k) == v for k, v in wanted.items()))

    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))))
    browser.addheaders = [("Origin", ours), ("Sec-Fetch-Site", "same-origin")]

    def opened(path, data=None, kind=None):
        request = urllib.request.Request(ours + path, data, {"Content-Type": kind} if kind else {})
        try:
            answer = browser.open(request, timeout=60)
        except urllib.error.HTTPError as e:
            sys.exit(f"{path}: {e.code} {e.read().decode()[:2000]}")
        return answer.read().decode("utf-8", "replace")

    def guard(page, action):
        tags, inside = Tags(page).all, False
        for tag, attributes in tags:
            if tag == "form":
                inside = attributes.get("action") == action
            if inside and tag == "input" and attributes.get("name") == "csrf":
                return attributes["value"]
        sys.exit(f"no form leads to {action}")

    fields = {"csrf": guard(opened("/sign-in"), "/sign-in"), "login": "ada", "password": password}
    opened("/sign-in", urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")

    # A picture of stripes, made by hand.
    width, height = 1000, 600
    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in ((x * 7) % 256, (y * 5) % 256, (x * y) % 256)) for y in range(height))
    chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    parts = [("csrf", b"", guard(opened("/my/uploads"), "/my/uploads").encode()), ("alt", b"", b"Stripes"), ("file", b"; filename=\"a.png\"\r\nContent-Type: image/png", png)]
    body = b"".join(b"--xyz\r\nContent-Disposition: form-data; name=\"" + name.encode() + b"\"" + head + b"\r\n\r\n" + value + b"\r\n" for name, head, value in parts) + b"--xyz--\r\n"
    opened("/my/uploads", body, "multipart/form-data; boundary=xyz")
    kept = files()
    assert len(kept) >= 2 and all(name.startswith("pictures/") for name in kept), kept
    assert not os.path.exists(os.path.join(folder, "media")) or not os.listdir(os.path.join(folder, "media")), "nothing lies in a folder"

    upload = api("GET", "/uploads", token)["items"][0]
    post = api("POST", "/threads", token, {"category_id": category, "title": "Stripes in the garden", "body": upload["markdown"], "tags": []})
    page = urllib.request.urlopen(ours + "/t/x/%d" % post["id"], timeout=30).read().decode()
    shown = next(a for t, a in Tags(page).all if t == "img" and "/media/" in a.get("src", ""))
    sizes = [one.strip().split(" ")[0] for one in shown["srcset"].split(",")]
    assert shown["alt"] == "Stripes" and len(sizes) >= 2, shown
    for path in {shown["src"], *sizes}:
        answer = urllib.request.urlopen(ours + path, timeout=30)
        content = answer.read()
        assert answer.headers["content-type"] in ("image/jpeg", "image/png"), path
        assert content[:3] in (b"\xff\xd8\xff", b"\x89PN"), path
        print(path, len(content), "bytes")

    code, said = program("verify")
    assert code == 0 and "Pictures in s3://commons/pictures" in said and "all there" in said, said
    code, said = program("backup", os.path.join(folder, "kept"))
    assert code == 0 and "Pictures: NOT copied" in said, said
    first = api("GET", "/threads/%d/posts" % post["id"], token)["items"][0]
    stored = bucket.get_object(Bucket="commons", Key=kept[0])["Body"].read()
    bucket.delete_object(Bucket="commons", Key=[name for name in kept if "-w" not in name][0])
    code, said = program("verify")
    assert code != 0 and "1 pictures are not in s3://commons/pictures" in said, said
    print("verify and backup say how it is")

    # Taken out of the post and let go: the bucket is empty again.
    api("PATCH", "/posts/%d" % first["id"], token, {"body": "No stripes any more.", "revision": first["revision"]})
    api("DELETE", "/uploads/%d" % upload["id"], token)
    for _ in range(120):
        if not files():
            break
        time.sleep(0.5)
    assert files() == [], files()
    print("let go, and the bucket is empty")
finally:
    server.terminate()
    server.wait(30)
