# SPDX-License-Identifier: Apache-2.0
"""Peppyrus, Recommand and e-invoice.be as their descriptions have them: paths, headers, fields and states."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from tests.transport.provider.stub import SECRET, Asked, Reply, Route, Stub, told

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice"
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100::CrossIndustryInvoice"
_BIS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
_XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
REGISTERED = (f"busdox-docid-qns::{_UBL}##{_BIS}::2.1", f"busdox-docid-qns::{_CII}##{_XRECHNUNG}::D16B")
"""What the stubs say that a receiver registered."""


class PeppyrusStub(Stub):
    """OpenAPI "Peppyrus API" 1.0.0."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, Any]] = {}
        self.report: dict[str, Any] = {"validationRules": [], "transmissionRules": ""}

    def allowed(self, asked: Asked) -> bool:
        return asked.headers.get("x-api-key") == SECRET

    def routes(self) -> list[Route]:
        return [
            ("POST", "/message", self._post),
            ("GET", "/message/list", self._list),
            ("GET", "/message/([^/]+)", lambda _, which: told(self.messages[which])),
            ("GET", "/message/([^/]+)/report", lambda *_: told(self.report)),
            ("PATCH", "/message/([^/]+)/confirm", self._confirm),
            ("GET", "/peppol/lookup", self._lookup),
        ]

    def arrives(self, content: bytes) -> str:
        return self._add("IN", "Inbox", {"sender": "0208:0999", "recipient": "0208:0123"}, content)

    def _add(self, direction: str, folder: str, about: dict[str, Any], content: bytes) -> str:
        identifier = str(uuid.uuid4())
        self.messages[identifier] = {
            "id": identifier,
            "direction": direction,
            "folder": folder,
            "created": "2099-01-01T10:00:00+00:00",
            "confirmed": False,
            **about,
            "fileContent": base64.b64encode(content).decode(),
        }
        return identifier

    def _post(self, asked: Asked) -> Reply:
        body = asked.json()
        if set(body) != {"sender", "recipient", "processType", "documentType", "fileContent"}:
            return told("a field is missing", 422)
        if body["recipient"].endswith("unknown"):
            return told("Recipient is not registered", 422)
        content = base64.b64decode(body.pop("fileContent"))
        return told(self.messages[self._add("OUT", "Outbox", body, content)])

    def _list(self, asked: Asked) -> Reply:
        wanted = asked.query
        found = [
            {name: value for name, value in each.items() if name != "fileContent"}
            for each in self.messages.values()
            if wanted.get("folder", each["folder"]).lower() == each["folder"].lower()
            and wanted.get("sender", each["sender"]) == each["sender"]
            and wanted.get("receiver", each["recipient"]) == each["recipient"]
            and wanted.get("confirmed", str(each["confirmed"]).lower()) == str(each["confirmed"]).lower()
        ]
        page, per = int(wanted["page"]), int(wanted["perPage"])
        assert per <= 100
        pages = max(-(-len(found) // per), 1)
        meta = {"pages": pages, "currentPage": page, "itemCount": len(found)}
        return told({"items": found[::-1][(page - 1) * per : page * per], "meta": meta})

    def _confirm(self, _: Asked, which: str) -> Reply:
        if self.messages[which]["confirmed"]:
            return told("already confirmed", 404)
        self.messages[which]["confirmed"] = True
        return Reply(200, b"true")

    def _lookup(self, asked: Asked) -> Reply:
        if asked.query["participantId"].endswith("unknown"):
            return told("Participant not found", 404)
        kinds = [{"documentType": each} for each in REGISTERED]
        return told({"participantId": asked.query["participantId"], "services": kinds})


class RecommandStub(Stub):
    """The interface of Recommand's server, as of 2026-04-21."""

    company = "c_1"

    def __init__(self) -> None:
        super().__init__()
        self.documents: dict[str, dict[str, Any]] = {}
        self.undeliverable = False

    def allowed(self, asked: Asked) -> bool:
        pair = base64.b64encode(f"key_1:{SECRET}".encode()).decode()
        return asked.headers.get("authorization") == f"Basic {pair}"

    def routes(self) -> list[Route]:
        return [
            ("POST", f"/api/v1/{self.company}/send", self._send),
            ("GET", "/api/v1/documents", self._list),
            ("GET", "/api/v1/documents/([^/]+)", self._one),
            ("POST", "/api/v1/documents/([^/]+)/mark-as-read", self._read),
            ("GET", "/api/v1/inbox", self._inbox),
            ("POST", "/api/v1/verify", self._verify),
        ]

    def arrives(self, content: bytes) -> str:
        about = {"senderId": "0208:0999", "receiverId": "0208:0123", "docTypeId": "x", "processId": "y"}
        return self._add("incoming", about, content.decode())

    def _add(self, direction: str, about: dict[str, Any], xml: str) -> str:
        identifier = f"doc_{uuid.uuid4().hex}"
        self.documents[identifier] = {
            "id": identifier,
            "companyId": self.company,
            "direction": direction,
            "createdAt": "2099-01-01T10:00:00.000Z",
            "readAt": None,
            "sentOverPeppol": direction == "outgoing",
            "envelopeId": str(uuid.uuid4()),
            "receivedPeppolSignalMessage": "<Receipt/>" if direction == "outgoing" else None,
            "countryC1": "BE",
            **about,
            "xml": xml,
        }
        return identifier

    def _send(self, asked: Asked) -> Reply:
        body = asked.json()
        assert set(body) == {"recipient", "documentType", "document", "doctypeId", "processId"}
        assert body["documentType"] == "xml"
        assert not body["doctypeId"].startswith("busdox")
        if self.undeliverable:
            why = "Failed to send document over Peppol network. Receiver unknown"
            return told({"success": False, "errors": {"root": [why]}}, 422)
        about = {"senderId": "0208:0123", "receiverId": body["recipient"], "docTypeId": body["doctypeId"]}
        found = self.documents[self._add("outgoing", about | {"processId": body["processId"]}, body["document"])]
        kept = {name: found[name] for name in ("id", "companyId", "sentOverPeppol", "envelopeId")}
        return told({"success": True, **kept, "sentOverEmail": False, "emailRecipients": [], "peppolMessageId": "m"})

    def _list(self, asked: Asked) -> Reply:
        assert asked.query["companyId"] == self.company
        assert int(asked.query["limit"]) <= 200
        found = [each for each in self.documents.values() if each["direction"] == asked.query["direction"]]
        return told(
            {
                "success": True,
                "documents": [{name: value for name, value in each.items() if name != "xml"} for each in found],
                "pagination": {"total": len(found), "page": 1, "limit": 200, "totalPages": 1},
            }
        )

    def _one(self, _: Asked, which: str) -> Reply:
        if which not in self.documents:
            return told({"success": False, "errors": {"root": ["Document not found"]}}, 404)
        return told({"success": True, "document": self.documents[which]})

    def _read(self, asked: Asked, which: str) -> Reply:
        assert asked.json() == {"read": True}
        self.documents[which]["readAt"] = "2099-01-01"
        return told({"success": True})

    def _inbox(self, asked: Asked) -> Reply:
        assert asked.query["companyId"] == self.company
        new = [each for each in self.documents.values() if each["direction"] == "incoming" and not each["readAt"]]
        new = [{name: value for name, value in each.items() if name not in {"xml", "parsed"}} for each in new]
        return told({"success": True, "documents": new[::-1]})

    def _verify(self, asked: Asked) -> Reply:
        if asked.json()["peppolAddress"].endswith("unknown"):
            return told({"success": True, "isValid": False})
        kinds = [{"name": "x", "docTypeId": each.removeprefix("busdox-docid-qns::")} for each in REGISTERED]
        about = {"smpUrl": "x", "serviceMetadataReferences": [], "smpHostnames": []}
        return told({"success": True, "isValid": True, **about, "supportedDocuments": kinds})


class EInvoiceBeStub(Stub):
    """OpenAPI "e-invoice.be Peppol Access Point API" 1.1.0."""

    def __init__(self) -> None:
        super().__init__()
        self.documents: dict[str, dict[str, Any]] = {}
        self.inbox: list[str] = []
        self.after_send = "TRANSIT"

    def allowed(self, asked: Asked) -> bool:
        if asked.path.startswith("/files/"):  # signed addresses lead elsewhere: the key must not go there
            return "authorization" not in asked.headers and asked.query.get("signature") == "abc"
        return asked.headers.get("authorization") == f"Bearer {SECRET}"

    def routes(self) -> list[Route]:
        return [
            ("POST", "/api/documents/ubl", self._create),
            ("POST", "/api/documents/([^/]+)/send", self._send),
            ("GET", "/api/documents/([^/]+)", lambda _, which: told(self._told(which))),
            ("GET", "/api/documents/([^/]+)/timeline", self._timeline),
            ("GET", "/api/documents/([^/]+)/ubl", self._ubl),
            ("GET", "/files/([^/]+)", lambda _, which: Reply(200, self.documents[which]["xml"])),
            ("GET", "/api/inbox/", self._inbox),
            ("GET", "/api/lookup", self._lookup),
        ]

    def arrives(self, content: bytes) -> str:
        identifier = self._add(content, "RECEIVED")
        self.inbox.append(identifier)
        return identifier

    def _add(self, xml: bytes, state: str) -> str:
        identifier = f"doc{len(self.documents)}"
        self.documents[identifier] = {"xml": xml, "state": state, "sends": 0, "query": {}}
        return identifier

    def _told(self, which: str) -> dict[str, Any]:
        return {"id": which, "created_at": "2099-01-01T10:00:00Z", "state": self.documents[which]["state"]}

    def _create(self, asked: Asked) -> Reply:
        head, content = asked.form()["file"]
        if b"<" not in content:
            return told({"detail": "UBL file is not valid or empty"}, 415)
        assert "filename=" in head
        return told(self._told(self._add(content, "DRAFT")), 201)

    def _send(self, asked: Asked, which: str) -> Reply:
        document = self.documents[which]
        if document["state"] != "DRAFT":
            return told({"detail": "Document is not in draft state"}, 405)
        if asked.query["receiver_peppol_id"] == "unknown":
            return told({"detail": "missing Peppol information"}, 400)
        document |= {"state": self.after_send, "sends": document["sends"] + 1, "query": asked.query}
        return told(self._told(which))

    def _timeline(self, _: Asked, which: str) -> Reply:
        events: list[dict[str, Any]] = [{"event_type": "document_created", "timestamp": "2099-01-01T10:00:00Z"}]
        if self.documents[which]["state"] == "FAILED":
            details = {"error": f"receiver {SECRET} is gone"}
            events.append({"event_type": "send_failed", "timestamp": "2099-01-01T10:00:00Z", "details": details})
        return told({"document_id": which, "events": events})

    def _ubl(self, _: Asked, which: str) -> Reply:
        signed = f"{self.url}/files/{which}?signature=abc"
        return told({"id": which, "file_name": "x.xml", "signed_url": signed, "sender_peppol_id": "0999",
                     "sender_peppol_scheme": "0208"})  # fmt: skip

    def _inbox(self, asked: Asked) -> Reply:
        assert asked.query["sort_by"] == "created_at"
        order = {"desc": -1, "asc": 1}[asked.query["sort_order"]]
        page, size = int(asked.query["page"]), int(asked.query["page_size"])
        assert size <= 100
        listed = [self._told(each) for each in self.inbox[::order][(page - 1) * size : page * size]]
        more = len(self.inbox) > page * size
        about = {"total": len(self.inbox), "page": page, "page_size": size, "pages": 1, "has_next_page": more}
        return told({"items": listed, **about})

    def _lookup(self, asked: Asked) -> Reply:
        kinds = [dict(zip(("scheme", "value"), each.split("::", 1), strict=True)) for each in REGISTERED]
        failed = asked.query["peppol_id"].endswith("unknown")
        endpoints = [] if failed else [{"status": "success", "url": "x", "documentTypes": kinds}]
        return told(
            {
                "status": "error" if failed else "success",
                "errors": ["DNS lookup failed"] if failed else [],
                "serviceMetadata": {"status": "success", "queryTimeMs": 1, "endpoints": endpoints},
            }
        )
