//! Instructions that the flags of rustc allow, and that Lambda's CPUs lack.

use crate::lambda::{Architecture, BeyondLambda, beyond_lambda};
use crate::lint::{Diagnostic, Lint, List, list};
use crate::text::quoted_name;

/// Checks the flags that rustc compiles the program `name` with. `origin` names what sets them.
pub(crate) fn check_cpu<S: AsRef<str>>(
    name: &str,
    architecture: Architecture,
    rustc_flags: &[S],
    origin: &str,
) -> Option<Diagnostic> {
    let (what, names) = match beyond_lambda(architecture, rustc_flags)? {
        BeyondLambda::Native => (
            "for the CPU of this machine (`target-cpu=native`), which may have \
                                 instructions that Lambda's CPUs lack"
                .to_owned(),
            List::default(),
        ),
        BeyondLambda::Features { cpu, features } => {
            let names = list(&features)?;
            let of_cpu = cpu.map_or_else(String::new, |cpu| {
                format!("for the CPU {}, ", quoted_name(&cpu))
            });
            let what = format!("{of_cpu}with instructions that Lambda's CPUs may lack ({names})");
            (what, names)
        }
    };
    let oldest = match architecture {
        Architecture::X86_64 => "AVX2 (`x86-64-v3`)",
        Architecture::Arm64 => "Graviton2 (`neoverse-n1`)",
    };
    Some(Diagnostic {
        lint: Lint::CpuAboveLambda,
        message: format!(
            "{} is compiled {what}, by {origin}: where Lambda lacks them, it ends with `signal: \
             illegal instruction`",
            quoted_name(name)
        ),
        help: format!(
            "remove it, or compile for the oldest CPU of Lambda, which has {oldest}: `--cpu lambda`"
        ),
        names,
    })
}
