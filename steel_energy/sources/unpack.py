"""From the bytes of a file to its text: archives, encodings, and what is plainly no table of text.

Nothing here knows what a meter export holds. Every failure is a ``NotMeterDataError`` about ``location``.
"""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import struct
import zipfile
import zlib

from steel_energy.errors import NotMeterDataError

MAX_BYTES = 512 * 1024**2  # over 150 plant-years as CSV; more is a mistake or an archive bomb
MAX_MIB = MAX_BYTES // 1024**2
MAX_WRAPPERS = 3  # there are archives that hold themselves
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
PARQUET_MAGIC = b"PAR1"
TABLE_SUFFIXES = (".csv", ".txt", ".tsv", ".parquet", ".gz")
ZIP_FAILURES = (  # what zipfile raises on archives that are damaged, encrypted or packed in an unknown way
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
BYTE_ORDER_MARKS = {  # the UTF-32 mark starts with the UTF-16 one, so it is asked first
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
TEXT_CONTROLS = frozenset("\t\n\r\f")
DOS_END = "\x1a"  # ends files of some old exporters
PROBE_CHARACTERS = 4096


def unpack(content: bytes, location: str) -> bytes:
    """Take gzip and zip wrappers off, a few of them at most; other content is returned as it is.

    Raises:
        NotMeterDataError: the archive is damaged, encrypted or too large, or does not hold exactly one table.
    """
    for _ in range(MAX_WRAPPERS):
        if content.startswith(GZIP_MAGIC):
            content = _gunzip(content, location)
        elif content.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)):
            content = _unzip(content, location)
    return content


def decode(content: bytes, location: str) -> str:
    """The text of ``content``: by its byte order mark, as UTF-8, as UTF-16 without a mark, else as Latin-1.

    Raises:
        NotMeterDataError: it is empty, binary or a web page.
    """
    text = _decode(content, location).rstrip(DOS_END).lstrip("\r\n")
    probe = text[:PROBE_CHARACTERS].lstrip()
    if not probe:
        raise NotMeterDataError(
            "is empty", field=location, remedy="pass a meter export with a header and its rows"
        ).named("empty_file")
    if any(character < " " and character not in TEXT_CONTROLS for character in probe):
        raise NotMeterDataError(
            "is binary, not a table of text", field=location, remedy="export it as CSV or Parquet"
        ).named("binary_file")
    if probe[:100].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise NotMeterDataError("is a web page, not a table", field=location, remedy="download the CSV file itself")
    return text


def _decode(content: bytes, location: str) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    if encoding is None and content[1:400:2].strip(b"\0") == b"" and len(content) > 1:
        encoding = "utf-16-le"
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is None:
            return content.decode("latin-1")
        raise NotMeterDataError(
            f"starts like {encoding} text and is not: {error.reason}", field=location, remedy="save it as UTF-8"
        ) from error


def _gunzip(content: bytes, location: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return _limited(file.read(MAX_BYTES + 1), location)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged_archive(location, error) from error


def _unzip(content: bytes, location: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_table_of(archive, location)) as file:
            return _limited(file.read(MAX_BYTES + 1), location)
    except ZIP_FAILURES as error:
        raise _damaged_archive(location, error) from error


def _table_of(archive: zipfile.ZipFile, location: str) -> str:
    names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    if "xl/workbook.xml" in names:
        raise NotMeterDataError("is an Excel workbook", field=location, remedy="save its sheet as CSV")
    tables = [name for name in names if name.lower().endswith(TABLE_SUFFIXES)]
    if len(tables) != 1:
        raise NotMeterDataError(
            f"must hold exactly one table, has {', '.join(tables[:5]) or 'none'}",
            field=location,
            remedy="pack one CSV or Parquet file, or pass the file itself",
        )
    return tables[0]


def _limited(content: bytes, location: str) -> bytes:
    if len(content) > MAX_BYTES:
        raise NotMeterDataError(f"is over {MAX_MIB} MiB unpacked", field=location, remedy="split it by year")
    return content


def _damaged_archive(location: str, error: Exception) -> NotMeterDataError:
    return NotMeterDataError(f"is a damaged archive: {error}", field=location, remedy="pack or download it again")
