# SPDX-License-Identifier: GPL-2.0
"""Gives a patch module relocations for a target module, as klp-build would.

A test patch NAME.c has a file NAME.klp beside it, with a line
"OBJECT SYMBOL SYMPOS" for each symbol of another module that it uses and
declares weak. In the module each becomes .klp.sym.OBJECT.SYMBOL,SYMPOS, and the
relocations against it move to sections .klp.rela.OBJECT.SECTION. The format is
described in Documentation/livepatch/module-elf-format.rst.
"""

import struct
from dataclasses import astuple, dataclass

from common import HarnessError

SHT_SYMTAB, SHT_RELA = 2, 4
SHF_ALLOC, SHF_INFO_LINK, SHF_RELA_LIVEPATCH = 0x2, 0x40, 0x00100000
SHN_UNDEF, SHN_LIVEPATCH = 0, 0xFF20
STB_GLOBAL = 1
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")


@dataclass
class _Section:
    name: int
    type: int
    flags: int
    addr: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    entsize: int


class _Module:
    """A module's sections, and the contents of the changed ones."""

    def __init__(self, path):
        self.path = path
        self.image = bytearray(path.read_bytes())
        self.header = list(_HEADER.unpack_from(self.image))
        offset, count = self.header[6], self.header[12]
        self.sections = [
            _Section(*_SECTION.unpack_from(self.image, offset + i * _SECTION.size))
            for i in range(count)
        ]
        self.names = self._content(self.header[13])
        self.symtab = next(
            i for i, section in enumerate(self.sections) if section.type == SHT_SYMTAB
        )
        self.strings = self._content(self.sections[self.symtab].link)

    def _content(self, index):
        section = self.sections[index]
        return bytearray(self.image[section.offset : section.offset + section.size])

    def name_of(self, section):
        return _text(self.names, section.name)

    def symbols(self):
        section = self.sections[self.symtab]
        for at in range(section.offset, section.offset + section.size, _SYMBOL.size):
            yield at, list(_SYMBOL.unpack_from(self.image, at))

    def relocations(self, section):
        return list(_RELA.iter_unpack(self.image[section.offset : section.offset + section.size]))

    def append(self, content, align):
        self.image += bytes(-len(self.image) % align)
        offset = len(self.image)
        self.image += content
        return offset

    def write(self):
        """Writes sections that have grown to the end, the headers last."""
        for index, content in (
            (self.header[13], self.names),
            (self.sections[self.symtab].link, self.strings),
        ):
            self.sections[index].offset = self.append(content, 1)
            self.sections[index].size = len(content)
        table = b"".join(_SECTION.pack(*astuple(section)) for section in self.sections)
        self.header[6] = self.append(table, 8)
        self.header[12] = len(self.sections)
        _HEADER.pack_into(self.image, 0, *self.header)
        self.path.write_bytes(self.image)


def _text(strings, offset):
    return strings[offset : strings.index(0, offset)].decode()


def _add_text(strings, text):
    strings += text.encode() + b"\0"
    return len(strings) - len(text) - 1


def _mark_symbols(module, wanted):
    """Renames the wanted symbols; {index in the symbol table: object}."""
    objects = {}
    for index, (at, symbol) in enumerate(module.symbols()):
        name = _text(module.strings, symbol[0])
        if name not in wanted or symbol[3] != SHN_UNDEF:
            continue
        objects[index], sympos = wanted[name]
        symbol[0] = _add_text(module.strings, f".klp.sym.{objects[index]}.{name},{sympos}")
        symbol[1] = (STB_GLOBAL << 4) | (symbol[1] & 0xF)
        symbol[3] = SHN_LIVEPATCH
        _SYMBOL.pack_into(module.image, at, *symbol)
    if len(objects) != len(wanted):
        raise HarnessError(f"{module.path}: does not use all of {', '.join(wanted)}")
    return objects


def _split(module, objects):
    """Moves the relocations against marked symbols to sections of their own."""
    for section in list(module.sections):
        if section.type != SHT_RELA:
            continue
        kept, moved = [], {}
        for rela in module.relocations(section):
            target = objects.get(rela[1] >> 32)
            (kept if target is None else moved.setdefault(target, [])).append(rela)
        patched = module.name_of(module.sections[section.info])
        for target, relas in moved.items():
            content = b"".join(_RELA.pack(*rela) for rela in relas)
            module.sections.append(
                _Section(
                    _add_text(module.names, f".klp.rela.{target}.{patched}"),
                    SHT_RELA,
                    SHF_ALLOC | SHF_INFO_LINK | SHF_RELA_LIVEPATCH,
                    0,
                    module.append(content, 8),
                    len(content),
                    module.symtab,
                    section.info,
                    8,
                    _RELA.size,
                )
            )
        if moved:
            section.size = len(kept) * _RELA.size
            content = b"".join(_RELA.pack(*rela) for rela in kept)
            module.image[section.offset : section.offset + section.size] = content


def relocate(path, listing):
    """Rewrites the module at path as its listing, NAME.klp, says."""
    wanted = {}
    for line in listing.read_text().splitlines():
        if line and not line.startswith("#"):
            name, symbol, sympos = line.split()
            wanted[symbol] = (name, sympos)
    module = _Module(path)
    _split(module, _mark_symbols(module, wanted))
    module.write()
