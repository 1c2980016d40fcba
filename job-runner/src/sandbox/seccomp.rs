//! A seccomp filter of system calls, as the kernel's BPF program: eight bytes per instruction.

/// Calls that a computing task never needs: other namespaces, mounts, kernel modules and BPF programs, keys,
/// raw handles. With their numbers on `x86_64` and `aarch64`.
const REFUSED: [(&str, u32, u32); 28] = [
    ("setns", 308, 268),
    ("mount", 165, 40),
    ("umount2", 166, 39),
    ("pivot_root", 155, 41),
    ("chroot", 161, 51),
    ("swapon", 167, 224),
    ("swapoff", 168, 225),
    ("reboot", 169, 142),
    ("kexec_load", 246, 104),
    ("kexec_file_load", 320, 294),
    ("init_module", 175, 105),
    ("finit_module", 313, 273),
    ("delete_module", 176, 106),
    ("keyctl", 250, 219),
    ("add_key", 248, 217),
    ("request_key", 249, 218),
    ("bpf", 321, 280),
    ("perf_event_open", 298, 241),
    ("userfaultfd", 323, 282),
    ("open_by_handle_at", 304, 265),
    ("io_uring_setup", 425, 425),
    ("open_tree", 428, 428),
    ("move_mount", 429, 429),
    ("fsopen", 430, 430),
    ("fsconfig", 431, 431),
    ("fsmount", 432, 432),
    ("fspick", 433, 433),
    ("mount_setattr", 442, 442),
];

/// The architectures whose numbers we know.
#[derive(Clone, Copy)]
enum Processor {
    X86,
    Arm,
}

impl Processor {
    const fn this() -> Option<Self> {
        if cfg!(target_arch = "x86_64") {
            Some(Self::X86)
        } else if cfg!(target_arch = "aarch64") {
            Some(Self::Arm)
        } else {
            None
        }
    }

    /// The kernel's identifier of it.
    const fn name(self) -> u32 {
        match self {
            Self::X86 => 0xC000_003E,
            Self::Arm => 0xC000_00B7,
        }
    }

    const fn clone(self) -> u32 {
        match self {
            Self::X86 => 56,
            Self::Arm => 220,
        }
    }

    const fn unshare(self) -> u32 {
        match self {
            Self::X86 => 272,
            Self::Arm => 97,
        }
    }

    fn refused(self) -> impl Iterator<Item = u32> {
        REFUSED.iter().map(move |(_, x86, arm)| match self {
            Self::X86 => *x86,
            Self::Arm => *arm,
        })
    }
}

/// Its flags are in memory, where a filter cannot look; programs fall back to `clone`. The same number
/// everywhere.
const CLONE3: u32 = 435;

const LOAD: u16 = 0x20;
const JUMP_EQUAL: u16 = 0x15;
const JUMP_AT_LEAST: u16 = 0x35;
const JUMP_ANY_BIT: u16 = 0x45;
const RETURN: u16 = 0x06;

/// Offsets in the kernel's data about a call.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const FIRST_ARGUMENT: u32 = 16;

const ALLOW: u32 = 0x7FFF_0000;
const NOT_PERMITTED: u32 = 0x0005_0001;
const NO_SUCH_CALL: u32 = 0x0005_0026;

const NEW_USER_SPACE: u32 = 0x1000_0000;
/// Numbers from here on are another ABI (x32) for the same calls.
const FOREIGN: u32 = 0x4000_0000;

/// Where the last instructions are, counted from the end.
const AT_FLAGS: usize = 5;
const AT_REFUSE: usize = 2;
const AT_NO_SUCH_CALL: usize = 1;

/// The filter for this machine's architecture; `None` if we do not know its numbers.
pub(super) fn program() -> Option<Vec<u8>> {
    Processor::this().map(assemble)
}

/// Whether system calls can be filtered on this machine.
pub(crate) const fn is_known() -> bool {
    Processor::this().is_some()
}

fn assemble(processor: Processor) -> Vec<u8> {
    let length = 4 + REFUSED.len() + 4 + AT_FLAGS;
    let mut program: Vec<(u16, u8, u8, u32)> = Vec::with_capacity(length);
    let to = |from: usize, place: usize| {
        u8::try_from(length - place - from - 1).expect("a program of this size has no jump beyond 255")
    };
    program.push((LOAD, 0, 0, ARCHITECTURE));
    program.push((JUMP_EQUAL, 0, to(1, AT_REFUSE), processor.name()));
    program.push((LOAD, 0, 0, NUMBER));
    program.push((JUMP_AT_LEAST, to(3, AT_REFUSE), 0, FOREIGN));
    for number in processor.refused() {
        program.push((JUMP_EQUAL, to(program.len(), AT_REFUSE), 0, number));
    }
    program.push((JUMP_EQUAL, to(program.len(), AT_NO_SUCH_CALL), 0, CLONE3));
    program.push((JUMP_EQUAL, to(program.len(), AT_FLAGS), 0, processor.clone()));
    program.push((JUMP_EQUAL, to(program.len(), AT_FLAGS), 0, processor.unshare()));
    program.push((RETURN, 0, 0, ALLOW));
    // The flags of `clone` and `unshare`.
    program.push((LOAD, 0, 0, FIRST_ARGUMENT));
    program.push((JUMP_ANY_BIT, 1, 0, NEW_USER_SPACE));
    program.push((RETURN, 0, 0, ALLOW));
    program.push((RETURN, 0, 0, NOT_PERMITTED));
    program.push((RETURN, 0, 0, NO_SUCH_CALL));
    let bytes = program.into_iter().flat_map(|(code, yes, no, value)| {
        let mut instruction = [0; 8];
        instruction[..2].copy_from_slice(&code.to_ne_bytes());
        instruction[2] = yes;
        instruction[3] = no;
        instruction[4..].copy_from_slice(&value.to_ne_bytes());
        instruction
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel's verdict.
    fn judge(program: &[u8], architecture: u32, number: u32, argument: u32) -> u32 {
        let mut at = 0;
        let mut value = 0;
        loop {
            let instruction = &program[at * 8..at * 8 + 8];
            let code = u16::from_ne_bytes(instruction[..2].try_into().unwrap());
            let operand = u32::from_ne_bytes(instruction[4..].try_into().unwrap());
            let jump = |yes: bool| usize::from(instruction[if yes { 2 } else { 3 }]);
            at += 1;
            match code {
                LOAD => value = [number, architecture, 0, 0, argument][operand as usize / 4],
                JUMP_EQUAL => at += jump(value == operand),
                JUMP_AT_LEAST => at += jump(value >= operand),
                JUMP_ANY_BIT => at += jump(value & operand != 0),
                _ => return operand,
            }
        }
    }

    #[test]
    fn user_spaces_and_mounts_are_refused_and_threads_are_not() {
        for processor in [Processor::X86, Processor::Arm] {
            let program = assemble(processor);
            let ask = |number, argument| judge(&program, processor.name(), number, argument);
            assert_eq!(ask(processor.unshare(), NEW_USER_SPACE), NOT_PERMITTED);
            assert_eq!(ask(processor.clone(), NEW_USER_SPACE | 0x11), NOT_PERMITTED);
            assert_eq!(ask(processor.clone(), 0x003D_0F00), ALLOW);
            assert_eq!(ask(CLONE3, 0), NO_SUCH_CALL);
            assert_eq!(ask(0, 0), ALLOW);
            for number in processor.refused() {
                assert_eq!(ask(number, 0), NOT_PERMITTED, "{number}");
            }
        }
    }

    #[test]
    fn another_processor_and_foreign_numbers_are_refused() {
        let program = assemble(Processor::X86);
        assert_eq!(judge(&program, 0x4000_0003, 1, 0), NOT_PERMITTED);
        assert_eq!(judge(&program, Processor::X86.name(), FOREIGN | 0x38, 0), NOT_PERMITTED);
    }
}
