//! Small ELF executables, written byte by byte, so that a test can have any binary it needs
//! without compiling one, and the tool's reader is never checked against its own library.

mod image;

use image::{
    DYNAMIC, DYNAMIC_SECTION, DYNSYM, GNU_VERNEED, GNU_VERSYM, HASH, INTERP, Image, NOTE,
    NOTE_SECTION, PROGBITS, Placed, STRTAB, SYMTAB, Section, Strings,
};

use crate::number::{half, put16, put32, put64, word};

/// The machine in the ELF header.
#[derive(Clone, Copy)]
pub enum Machine {
    X86_64 = 62,
    Aarch64 = 183,
    Riscv64 = 243,
}

/// What to write; [`Elf::bytes`] writes it.
#[derive(Clone)]
pub struct Elf {
    machine: Machine,
    position_independent: bool,
    interpreter: Option<String>,
    soname: Option<String>,
    libraries: Vec<Library>,
    debug_info: usize,
    build_id: Option<[u8; 20]>,
    section_headers: bool,
    payload: Vec<u8>,
    /// The section of constants; empty for none. A client of Lambda has the name of its variable there.
    constants: &'static [u8],
    /// The functions after the payload, with their code.
    functions: Vec<(String, Vec<u8>)>,
    has_symbols: bool,
}

/// A `DT_NEEDED` library and the symbol versions wanted from it.
#[derive(Clone)]
struct Library {
    name: String,
    versions: Vec<String>,
}

impl Elf {
    /// `ET_EXEC` that needs nothing: what `aarch64-unknown-linux-musl` may give.
    pub fn fixed(machine: Machine) -> Self {
        Self {
            machine,
            position_independent: false,
            interpreter: None,
            soname: None,
            libraries: Vec::new(),
            debug_info: 0,
            build_id: None,
            section_headers: true,
            payload: b"the code".to_vec(),
            constants: b"AWS_LAMBDA_RUNTIME_API\0",
            functions: Vec::new(),
            has_symbols: true,
        }
    }

    /// `ET_DYN` without an interpreter: what `x86_64-unknown-linux-musl` gives.
    pub fn static_pie(machine: Machine) -> Self {
        Self {
            position_independent: true,
            ..Self::fixed(machine)
        }
    }

    /// Started by glibc's loader, needing nothing yet.
    pub fn dynamic(machine: Machine) -> Self {
        Self::static_pie(machine).interpreter(match machine {
            Machine::X86_64 => "/lib64/ld-linux-x86-64.so.2",
            Machine::Aarch64 => "/lib/ld-linux-aarch64.so.1",
            Machine::Riscv64 => "/lib/ld-linux-riscv64-lp64d.so.1",
        })
    }

    pub fn interpreter(mut self, path: impl Into<String>) -> Self {
        self.interpreter = Some(path.into());
        self
    }

    /// A library that others load by this name.
    pub fn soname(mut self, name: &str) -> Self {
        self.soname = Some(name.to_owned());
        self
    }

    /// Needs `library`, and from it the symbol versions given.
    pub fn needs(mut self, library: &str, versions: &[&str]) -> Self {
        self.libraries.push(Library {
            name: library.to_owned(),
            versions: versions.iter().map(|&version| version.to_owned()).collect(),
        });
        self
    }

    /// Carries `size` bytes of DWARF, which no loader reads.
    pub fn with_debug_info(mut self, size: usize) -> Self {
        self.debug_info = size;
        self
    }

    /// A note with a build ID. The program has no loader: there is room for three segments.
    pub fn with_build_id(mut self, id: [u8; 20]) -> Self {
        self.build_id = Some(id);
        self
    }

    /// A function with its code, by the name that its symbol has.
    pub fn function(mut self, symbol: &str, code: impl Into<Vec<u8>>) -> Self {
        self.functions.push((symbol.to_owned(), code.into()));
        self
    }

    /// The same program without symbols, as `strip` leaves it.
    pub fn stripped(mut self) -> Self {
        self.has_symbols = false;
        self
    }

    /// Leaves only what the loader reads, as `sstrip` and some packers do.
    pub fn without_section_headers(mut self) -> Self {
        self.section_headers = false;
        self
    }

    /// Bytes to tell this executable from others.
    pub fn payload(mut self, payload: impl Into<Vec<u8>>) -> Self {
        self.payload = payload.into();
        self
    }

    /// A program that never asks Lambda for events.
    pub fn without_client(mut self) -> Self {
        self.constants = b"";
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut image = Image::new(if self.position_independent {
            0
        } else {
            0x40_0000
        });
        if let Some(interpreter) = &self.interpreter {
            let mut path = interpreter.as_bytes().to_vec();
            path.push(0);
            let placed = image.add(Section::new(".interp", PROGBITS, path));
            image.segment(INTERP, placed);
        }
        if self.position_independent {
            let placed = self.add_dynamic_sections(&mut image);
            image.segment(DYNAMIC, placed);
        }
        if let Some(id) = self.build_id {
            let mut note = Vec::new();
            put32(&mut note, &[4, 20, 3]);
            note.extend(b"GNU\0");
            note.extend(id);
            let note = Section::new(".note.gnu.build-id", NOTE_SECTION, note);
            let placed = image.add(note);
            image.segment(NOTE, placed);
        }
        let mut text = self.payload.clone();
        text.extend(self.functions.iter().flat_map(|(_, code)| code));
        let text = image.add(Section::new(".text", PROGBITS, text));
        if !self.constants.is_empty() {
            image.add(Section::new(".rodata", PROGBITS, self.constants.to_vec()));
        }
        if self.debug_info > 0 {
            image.add(Section {
                loaded: false,
                ..Section::new(".debug_info", PROGBITS, vec![0xDB; self.debug_info])
            });
        }
        if self.has_symbols && !self.functions.is_empty() {
            self.add_symbols(&mut image, text);
        }
        image.finish(
            self.machine,
            self.position_independent,
            self.section_headers,
        )
    }

    fn add_symbols(&self, image: &mut Image, text: Placed) {
        const GLOBAL_FUNCTION: u8 = 0x12;
        let mut strings = Strings::default();
        let mut symbols = vec![0; 24];
        let mut address = text.address + self.payload.len() as u64;
        for (name, code) in &self.functions {
            put32(&mut symbols, &[strings.add(name)]);
            symbols.extend([GLOBAL_FUNCTION, 0]);
            put16(&mut symbols, &[half(text.index as usize)]);
            put64(&mut symbols, &[address, code.len() as u64]);
            address += code.len() as u64;
        }
        let strtab = image.add(Section {
            loaded: false,
            ..Section::new(".strtab", STRTAB, strings.bytes)
        });
        image.add(Section {
            loaded: false,
            link: strtab.index,
            info: 1,
            entry_size: 24,
            ..Section::new(".symtab", SYMTAB, symbols)
        });
    }

    fn add_dynamic_sections(&self, image: &mut Image) -> Placed {
        let mut strings = Strings::default();
        let mut symbols = vec![0; 24];
        let mut symbol_versions = vec![0; 2];
        let mut needs = Vec::new();
        let mut dynamic: Vec<(u64, u64)> = Vec::new();
        // 0 and 1 mean "local" and "global": the first version of one's own is 2.
        let mut version_index = 2;

        if let Some(name) = &self.soname {
            dynamic.push((DT_SONAME, strings.add(name).into()));
        }
        let versioned = |library: &&Library| !library.versions.is_empty();
        let verneed_count = self.libraries.iter().filter(versioned).count();
        for library in &self.libraries {
            let name = strings.add(&library.name);
            dynamic.push((DT_NEEDED, name.into()));
            if library.versions.is_empty() {
                continue;
            }
            let count = library.versions.len();
            put16(&mut needs, &[1, half(count)]);
            let next = if is_last_versioned(library, &self.libraries) {
                0
            } else {
                16 + 16 * count
            };
            put32(&mut needs, &[name, 16, word(next)]);
            for (nth, version) in library.versions.iter().enumerate() {
                let next = if nth + 1 == count { 0 } else { 16 };
                // Only the loader looks at the hash.
                put32(&mut needs, &[0]);
                put16(&mut needs, &[0, version_index]);
                put32(&mut needs, &[strings.add(version), next]);
                // One undefined function of that version.
                put32(&mut symbols, &[strings.add("imported")]);
                symbols.extend([0x12, 0]);
                symbols.extend([0; 18]);
                put16(&mut symbol_versions, &[version_index]);
                version_index += 1;
            }
        }

        let dynstr = image.add(Section::new(".dynstr", STRTAB, strings.bytes));
        let symbol_count = word(symbols.len() / 24);
        let dynsym = image.add(Section {
            link: dynstr.index,
            info: 1,
            entry_size: 24,
            ..Section::new(".dynsym", DYNSYM, symbols)
        });
        let mut hash = Vec::new();
        put32(&mut hash, &[1, symbol_count, 0]);
        hash.resize(hash.len() + 4 * symbol_count as usize, 0);
        let hash = image.add(Section {
            link: dynsym.index,
            entry_size: 4,
            ..Section::new(".hash", HASH, hash)
        });
        dynamic.extend([
            (DT_HASH, hash.address),
            (DT_STRTAB, dynstr.address),
            (DT_STRSZ, dynstr.size),
            (DT_SYMTAB, dynsym.address),
            (DT_SYMENT, 24),
            (DT_FLAGS_1, DF_1_PIE),
        ]);
        if verneed_count > 0 {
            let versym = image.add(Section {
                link: dynsym.index,
                entry_size: 2,
                ..Section::new(".gnu.version", GNU_VERSYM, symbol_versions)
            });
            let verneed = image.add(Section {
                link: dynstr.index,
                info: word(verneed_count),
                ..Section::new(".gnu.version_r", GNU_VERNEED, needs)
            });
            dynamic.extend([
                (DT_VERSYM, versym.address),
                (DT_VERNEED, verneed.address),
                (DT_VERNEEDNUM, verneed_count as u64),
            ]);
        }
        dynamic.push((DT_NULL, 0));
        let mut bytes = Vec::new();
        for (tag, value) in dynamic {
            put64(&mut bytes, &[tag, value]);
        }
        image.add(Section {
            link: dynstr.index,
            entry_size: 16,
            ..Section::new(".dynamic", DYNAMIC_SECTION, bytes)
        })
    }
}

fn is_last_versioned(library: &Library, all: &[Library]) -> bool {
    all.iter()
        .rev()
        .find(|one| !one.versions.is_empty())
        .is_some_and(|last| last.name == library.name)
}

/// `size` bytes that no compressor can shrink, the same ones every time.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

// Tags of the dynamic segment.
const DT_NULL: u64 = 0;
const DT_NEEDED: u64 = 1;
const DT_HASH: u64 = 4;
const DT_STRTAB: u64 = 5;
const DT_SYMTAB: u64 = 6;
const DT_STRSZ: u64 = 10;
const DT_SYMENT: u64 = 11;
const DT_SONAME: u64 = 14;
const DT_VERSYM: u64 = 0x6fff_fff0;
const DT_FLAGS_1: u64 = 0x6fff_fffb;
const DT_VERNEED: u64 = 0x6fff_fffe;
const DT_VERNEEDNUM: u64 = 0x6fff_ffff;
const DF_1_PIE: u64 = 0x0800_0000;
