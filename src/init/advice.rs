//! Keys of cargo-lambda without a counterpart in a table, and what to do instead.
//!
//! Source: `Build`, `Deploy` and `RemoteConfig` of cargo-lambda 1.9, and `Build` of `cargo-options`.

const TEMPLATE: &str = "it belongs to the deployment: set it in the template that `cargo lambda-zip \
                        template KIND` prints";
const CLIENT: &str = "it is for the upload: give it to the client that deploys the zip";
const FLAG: &str = "give it on the command line, or in an alias in `.cargo/config.toml`";

/// The keys, as they are written with `_`, and the advice for them.
const BUILD: &[(&[&str], &str)] = &[
    (&["output_format"], "leave it out: a zip is always written"),
    (
        &["release"],
        "leave it out: the default profile is an optimised one",
    ),
    (
        &["disable_optimizations"],
        "run `cargo lambda-zip --profile release`",
    ),
    (&["profile"], "run `cargo lambda-zip --profile NAME`"),
    (
        &["skip_target_check"],
        "set `CARGO_LAMBDA_ZIP_NO_INSTALL=true`, or run `cargo lambda-zip --no-install`",
    ),
    (
        &["flatten"],
        "run `cargo lambda-zip --bin NAME --folder DIR`",
    ),
    (
        &["internal"],
        "make a layer: `cargo lambda-zip layer LAYER --bin NAME`",
    ),
    (
        &["env", "env_var"],
        "run `cargo lambda-zip --env KEY=VALUE`",
    ),
    (&["env_file"], "run `cargo lambda-zip --env-file FILE`"),
    (
        &["target_dir"],
        "set `build.target-dir` in `.cargo/config.toml`",
    ),
];

const DEPLOY: &[(&[&str], &str)] = &[
    (
        &["internal"],
        "make a layer: `cargo lambda-zip layer LAYER --bin NAME`",
    ),
    (
        &[
            "memory",
            "memory_size",
            "timeout",
            "tracing",
            "role",
            "iam_role",
            "vpc",
            "subnet_ids",
            "security_group_ids",
            "description",
            "log_retention",
            "enable_function_url",
            "disable_function_url",
            "tag",
            "tags",
            "env",
            "env_var",
            "env_file",
            "merge_env",
            "compatible_runtimes",
            "name",
        ],
        TEMPLATE,
    ),
];

/// The advice for a key of `build` or `deploy`.
pub(super) fn for_key(section: &str, key: &str) -> &'static str {
    let (table, others) = match section {
        "build" => (BUILD, FLAG),
        _ => (DEPLOY, CLIENT),
    };
    let row = table.iter().find(|(keys, _)| keys.contains(&key));
    row.map_or(others, |(_, advice)| advice)
}

/// The advice for a whole section.
pub(super) fn for_section(section: &str) -> &'static str {
    match section {
        "watch" => {
            "go on with `cargo lambda watch`, which reads it; or start a package with `cargo lambda-zip invoke`"
        }
        "env" => {
            "they are variables of the function: set them in the template that `cargo lambda-zip \
             template KIND` prints, and for a try with `cargo lambda-zip invoke --env KEY=VALUE`"
        }
        _ => {
            "there are no contexts here: environment variables and flags differ between environments"
        }
    }
}
