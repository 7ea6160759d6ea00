# SPDX-License-Identifier: Apache-2.0
"""phoss-ap, Storecove and the French flow service as their descriptions have them."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from typing import Any
from urllib.parse import parse_qs

from tests.transport.provider.stub import SECRET, Asked, Reply, Route, Stub, told


class PhossStub(Stub):
    """OutboundController of phoss-ap 0.12."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions: list[dict[str, Any]] = []
        self.fails: str | None = None

    def allowed(self, asked: Asked) -> bool:
        return asked.headers.get("x-token") == SECRET

    def routes(self) -> list[Route]:
        five = "/".join(["([^/]+)"] * 5)
        return [
            ("POST", f"/api/outbound/submit/{five}", self._submit),
            ("GET", "/api/outbound/status/([^/]+)", self._status),
        ]

    def _submit(self, asked: Asked, *names: str) -> Reply:
        sender, receiver, kind, process, country = names
        if not receiver.startswith("iso6523-actorid-upis::") or not kind.startswith("busdox-docid-qns::"):
            return told("Failed to parse an identifier", 400)
        if self.fails == "refused":
            return told("Failed to submit outbound transaction", 422)
        about = {"senderID": sender, "receiverID": receiver, "processID": process, "c1": country}
        status = self.fails or "sent"
        self.transactions.append(
            {
                "id": str(len(self.transactions)),
                "sbdhInstanceID": asked.query["sbdhInstanceID"],
                "status": status,
                "attemptCount": 1,
                "errorDetails": f"the receiver said {SECRET}" if self.fails else None,
                "mlsStatus": "pending",
                "sha256": hashlib.sha256(asked.body).hexdigest(),
                **about,
            }
        )
        report = {"sbdhInstanceIdentifier": asked.query["sbdhInstanceID"], "as4MessageId": "m@x"}
        return told({**report, "overallSuccess": status == "sent"}, 200 if status == "sent" else 422)

    def _status(self, asked: Asked, which: str) -> Reply:
        assert asked.query == {"includeArchive": "true"}
        found = next((each for each in reversed(self.transactions) if each["sbdhInstanceID"] == which), None)
        return told(found) if found else Reply(404)


class StorecoveStub(Stub):
    """Storecove API v2."""

    def __init__(self) -> None:
        super().__init__()
        self.submissions: dict[str, dict[str, Any]] = {}
        self.queue: list[tuple[str, dict[str, Any]]] = []
        self.received: dict[str, str] = {}
        self.delivered: set[str] = set()

    def allowed(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {SECRET}"

    def routes(self) -> list[Route]:
        return [
            ("POST", "/document_submissions", self._submit),
            ("GET", "/document_submissions/([^/]+)/evidence/sending", self._evidence),
            ("GET", "/webhook_instances/", self._next),
            ("DELETE", "/webhook_instances/([^/]+)", self._delete),
            ("GET", "/received_documents/([^/]+)/original", self._original),
        ]

    def arrives(self, content: bytes, *, encoded: bool = True) -> str:
        guid = str(uuid.uuid4())
        self.received[guid] = base64.b64encode(content).decode() if encoded else content.decode()
        self.event({"event_type": "received_document", "event": "received", "document_guid": guid})
        return guid

    def event(self, body: dict[str, Any]) -> None:
        self.queue.append((str(uuid.uuid4()), body))

    def _submit(self, asked: Asked) -> Reply:
        body = asked.json()
        assert set(body) == {"legalEntityId", "idempotencyGuid", "routing", "document"}
        if body["idempotencyGuid"] in self.submissions:
            return told([{"source": "idempotencyGuid", "details": "has been taken"}], 422)
        if body["routing"]["eIdentifiers"][0]["id"] == "unknown":
            return told([{"source": "routing", "details": "is not known"}], 422)
        guid = str(uuid.uuid4())
        self.submissions[body["idempotencyGuid"]] = {"guid": guid, **body}
        return told({"guid": guid})

    def _evidence(self, _: Asked, which: str) -> Reply:
        if which not in self.delivered:
            return Reply(404)
        return told({"guid": which, "network": "peppol", "evidence": {"message_id": "m@x"}, "documents": []})

    def _next(self, _: Asked) -> Reply:
        if not self.queue:
            return Reply(204)
        guid, body = self.queue[0]
        return told({"guid": guid, "body": json.dumps(body)})

    def _delete(self, _: Asked, which: str) -> Reply:
        self.queue = [each for each in self.queue if each[0] != which]
        return Reply(204)

    def _original(self, _: Asked, which: str) -> Reply:
        return told({"guid": which, "direction": "in", "original": self.received[which]})


class AfnorStub(Stub):
    """XP Z12-013, annex A, Flow Service 1.2.0, with a service for tokens beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.flows: dict[str, dict[str, Any]] = {}
        self.content: dict[str, bytes] = {}
        self.tokens: list[str] = []
        self.lasts = 3600
        self.status = "Pending"
        self.moment = 0

    def allowed(self, asked: Asked) -> bool:
        if asked.path == "/token":
            pair = base64.b64encode(f"client:{SECRET}".encode()).decode()
            return asked.headers.get("authorization") == f"Basic {pair}"
        return bool(self.tokens) and asked.headers.get("authorization") == f"Bearer {self.tokens[-1]}"

    def routes(self) -> list[Route]:
        return [
            ("POST", "/token", self._token),
            ("POST", "/flow-service/v1/flows", self._post),
            ("POST", "/flow-service/v1/flows/search", self._search),
            ("GET", "/flow-service/v1/flows/([^/]+)", self._get),
        ]

    def arrives(self, content: bytes, status: str = "Ok", kind: str = "SupplierInvoice") -> str:
        return self._add(content, {"name": "f.xml", "flowSyntax": "UBL"}, "In", kind, status)

    def changed(self) -> str:
        self.moment += 1
        return f"2099-01-01T10:{self.moment // 60:02}:{self.moment % 60:02}Z"

    def _add(self, content: bytes, info: dict[str, Any], direction: str, kind: str, status: str) -> str:
        identifier = f"flow{len(self.flows)}"
        self.content[identifier] = content
        now = self.changed()
        self.flows[identifier] = {
            **info,
            "flowId": identifier,
            "submittedAt": now,
            "updatedAt": now,
            "flowDirection": direction,
            "flowType": kind,
            "processingRuleSource": "Computed",
            "acknowledgement": {"status": status},
        }
        return identifier

    def _token(self, asked: Asked) -> Reply:
        assert parse_qs(asked.body.decode()) == {"grant_type": ["client_credentials"]}
        self.tokens.append(f"token-{len(self.tokens)}")
        return told({"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": self.lasts})

    def _post(self, asked: Asked) -> Reply:
        fields = asked.form()
        head, info = fields["flowInfo"]
        assert "Content-Type: application/json" in head
        about, content = json.loads(info), fields["file"][1]
        if about["sha256"] != hashlib.sha256(content).hexdigest():
            return told({"errorCode": "CHECKSUM", "errorMessage": "another digest"}, 422)
        if b"REFUSED" in content:
            return told({"errorCode": "UNPROCESSABLE_ENTITY", "errorMessage": "Entity consistency error"}, 422)
        identifier = self._add(content, about, "Out", "CustomerInvoice", self.status)
        names = ("trackingId", "name", "flowSyntax", "sha256", "flowId", "submittedAt")
        return told({name: self.flows[identifier][name] for name in (*names,)}, 202) if about else Reply(400)

    def _search(self, asked: Asked) -> Reply:
        where, limit = asked.json()["where"], asked.json()["limit"]
        assert where
        assert limit <= 100
        found = [
            each
            for each in self.flows.values()
            if each.get("trackingId") == where.get("trackingId", each.get("trackingId"))
            and each["flowDirection"] in where.get("flowDirection", ["In", "Out"])
            and each["flowType"] in where.get("flowType", [each["flowType"]])
            and each["updatedAt"] > where.get("updatedAfter", "").replace("+00:00", "Z")
        ]
        return told({"limit": limit, "results": sorted(found, key=lambda each: each["updatedAt"])[:limit]})

    def _get(self, asked: Asked, which: str) -> Reply:
        if which not in self.flows:
            return told({"errorCode": "MISSING_RESOURCE", "errorMessage": "not found"}, 404)
        if asked.query["docType"] == "Original":
            return Reply(200, self.content[which])
        return told(self.flows[which])
