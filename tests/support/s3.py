"""A store that speaks S3, in memory: what is asked must be signed as Amazon says (Signature Version 4)."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape, unescape

from flask import Flask, Request, Response, abort, request

KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-west-2"
_LEAVES: Final = "-_.~"


@dataclass
class Bucket:
    """One bucket at ``/line``. ``spoiled`` names what is given back otherwise than it was given."""

    files: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    spoiled: bool = False
    refused: int = 0

    def app(self) -> Flask:
        app = Flask("s3")
        app.before_request(self._look_at_signature)
        app.add_url_rule("/line/<path:name>", view_func=self._file, methods=["GET", "PUT", "POST"])
        app.add_url_rule("/line", view_func=self._listed)
        app.add_url_rule("/line", view_func=self._delete, methods=["POST"])
        return app

    def _look_at_signature(self) -> None:
        if not is_signed(request):
            self.refused += 1
            abort(Response(_error("SignatureDoesNotMatch"), 403, mimetype="application/xml"))

    def _file(self, name: str) -> Response:
        does: dict[str, Callable[[str], Response]] = {"PUT": self._put, "POST": self._post}
        return does.get(request.method, self._get)(name)

    def _put(self, name: str) -> Response:
        content = request.get_data()
        if "uploadId" in request.args:
            self.parts[request.args["uploadId"]][int(request.args["partNumber"])] = content
        else:
            self.files[name] = content
        return Response(headers={"ETag": f'"{hashlib.md5(content).hexdigest()}"'})  # noqa: S324  # S3's ETag

    def _post(self, name: str) -> Response:
        if "uploads" in request.args:
            number = f"upload-{len(self.parts)}"
            self.parts[number] = {}
            return _xml("InitiateMultipartUploadResult", f"<UploadId>{number}</UploadId>")
        whole = self.parts.pop(request.args["uploadId"])
        self.files[name] = b"".join(whole[n] for n in sorted(whole))
        return _xml("CompleteMultipartUploadResult", '<ETag>"whole"</ETag>')

    def _delete(self) -> Response:
        names = [unescape(one) for one in re.findall("<Key>(.*?)</Key>", request.get_data(as_text=True))]
        for name in names:
            self.files.pop(name, None)
        return _xml("DeleteResult", "".join(f"<Deleted><Key>{escape(one)}</Key></Deleted>" for one in names))

    def _get(self, name: str) -> Response:
        if name not in self.files:
            return Response(_error("NoSuchKey"), 404, mimetype="application/xml")
        content = self.files[name][:-1] + b"?" if self.spoiled else self.files[name]
        about = {"ETag": '"whole"', "Last-Modified": "Mon, 30 Nov 2026 09:00:00 GMT"}
        return Response(content, headers=about)

    def _listed(self) -> Response:
        prefix = request.args.get("prefix", "")
        found = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(content)}</Size><ETag>x</ETag>"
            "<LastModified>2026-11-30T09:00:00.000Z</LastModified></Contents>"
            for name, content in sorted(self.files.items())
            if name.startswith(prefix)
        )
        return _xml("ListBucketResult", f"<IsTruncated>false</IsTruncated>{found}")


def is_signed(asked: Request) -> bool:
    """Whether the request has the signature that Amazon's rules give it (AWS, Signature Version 4 for S3)."""
    scheme, _, rest = asked.headers.get("Authorization", "").partition(" ")
    if scheme != "AWS4-HMAC-SHA256":
        return False
    given = dict(one.strip().split("=", 1) for one in rest.split(","))
    scope, names = given["Credential"].removeprefix(f"{KEY}/"), given["SignedHeaders"].split(";")
    stands = asked.headers["x-amz-content-sha256"]
    if stands not in {"UNSIGNED-PAYLOAD", hashlib.sha256(asked.get_data()).hexdigest()}:
        return False
    pairs = sorted((quote(k, _LEAVES), quote(v, _LEAVES)) for k, v in asked.args.items(multi=True))
    canonical = "\n".join(
        [
            asked.method,
            quote(asked.path, f"/{_LEAVES}"),
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{' '.join(asked.headers[name].split())}" for name in names),
            "",
            ";".join(names),
            stands,
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    day, region, service, end = scope.split("/")
    key = f"AWS4{SECRET}".encode()
    for word in (day, REGION, "s3", "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    signed = hmac.digest(
        key, "\n".join([scheme, asked.headers["x-amz-date"], scope, digest]).encode(), "sha256"
    )
    fits = (region, service, end) == (REGION, "s3", "aws4_request")
    return fits and hmac.compare_digest(signed.hex(), given["Signature"])


def _xml(kind: str, inside: str) -> Response:
    return Response(f'<?xml version="1.0"?><{kind}>{inside}</{kind}>', mimetype="application/xml")


def _error(code: str) -> str:
    return f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
