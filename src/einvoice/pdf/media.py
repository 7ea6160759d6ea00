# SPDX-License-Identifier: Apache-2.0
"""The media type of a file by the end of its name.

A table of our own: what the system knows differs from machine to machine, and the same files shall become the same PDF
everywhere. It holds the types that EN 16931 allows for attachments and the usual ones beside them.
"""

from __future__ import annotations

from typing import Final

_UNKNOWN: Final = "application/octet-stream"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "ods": f"{_OPEN}.spreadsheet",
    "xml": "text/xml",
    "txt": "text/plain",
    "md": "text/markdown",
    "htm": "text/html",
    "html": "text/html",
    "json": "application/json",
    "zip": "application/zip",
    "gz": "application/gzip",
    "7z": "application/x-7z-compressed",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "odp": f"{_OPEN}.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf",
    "eml": "message/rfc822",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    "dxf": "image/vnd.dxf",
    "mp4": "video/mp4",
    "p7s": "application/pkcs7-signature",
    "p7m": "application/pkcs7-mime",
}


def media_type(name: str) -> str:
    """Return the media type of a file, ``application/octet-stream`` where its name does not tell it.

    Args:
        name: the name of the file; case does not matter.
    """
    _, dot, suffix = name.rpartition(".")
    return _TYPES.get(suffix.casefold(), _UNKNOWN) if dot else _UNKNOWN
