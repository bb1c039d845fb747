//! Files that hold secrets by their purpose, as a table. A form that is still to be filled in holds
//! none.

use super::rule::Rule;

/// The value of one of these keys in JSON, YAML, TOML or an INI file.
macro_rules! value_of {
    ($keys:literal) => {
        Some(concat!(
            r#"(?:^|[^A-Za-z0-9_])(?:"#,
            $keys,
            r#")["']*[ \t]*[:=][ \t]*(?:"([^"\n]*)|'([^'\n]*)|([^\s,{}"'][^\s,}]*))"#
        ))
    };
}

/// The value of a variable with such a name in a file of `NAME=value` lines.
macro_rules! variable {
    ($name:literal) => {
        Some(concat!(
            r"^[ \t]*(?:export[ \t]+)?",
            $name,
            r"[ \t]*=[ \t]*(\S.*)$"
        ))
    };
}

/// A shell script or Terraform's variables also set paths and flags.
const SECRET_VARIABLE: Option<&str> = variable!(
    r"[A-Za-z0-9_.-]*(?i:password|passwd|secret|token|api_key|access_key|private)[A-Za-z0-9_.-]*"
);

const LOGIN: &str = "a login";
const AWS: &str = "an AWS credential";
const ENVIRONMENT: &str = "an environment variable";

/// The rows; of several that apply, the first is reported.
pub(super) const FILES: &[Rule] = &[
    // Binary formats that only a password protects. A trust store holds public certificates.
    Rule::file("a key store", &["**/*.{p12,pfx,jks,keystore,bcfks}"], None)
        .except("*{trust,cacerts}*"),
    Rule::file("a password database", &["**/*.kdbx"], None),
    // The private keys of GnuPG before version 2.1.
    Rule::file("a private key", &["**/secring.gpg"], None),
    Rule::file(
        LOGIN,
        &["**/{.netrc,_netrc,.pypirc,.git-credentials}"],
        Some(r"(\S+)"),
    ),
    Rule::file("a Vault token", &["**/.vault-token"], Some(r"(\S+)")),
    Rule::file(
        LOGIN,
        &["**/{.pgpass,pgpass.conf}"],
        Some(r"^[ \t]*(?:[^#:\s][^:\n]*)?:[^:\n]*:[^:\n]*:[^:\n]*:(.+)$"),
    ),
    Rule::file(
        "an npm token",
        &["**/.npmrc"],
        value_of!("_authToken|_auth|_password"),
    ),
    Rule::file(
        "an npm token",
        &["**/.yarnrc.yml"],
        value_of!("npmAuthToken|npmAuthIdent"),
    ),
    Rule::file(ENVIRONMENT, &["**/.envrc", "**/*.tfvars"], SECRET_VARIABLE),
    Rule::file(
        LOGIN,
        &["**/application_default_credentials.json"],
        value_of!("refresh_token|private_key"),
    ),
    Rule::file(
        "a Docker login",
        &[
            "**/.docker/config.json",
            "**/{.dockercfg,.dockerconfigjson}",
        ],
        value_of!("auth|identitytoken|registrytoken|password"),
    ),
    Rule::file(
        "a Kubernetes login",
        &["**/.kube/config"],
        value_of!("token|password"),
    ),
    Rule::file(
        "a GitHub token",
        &["**/gh/hosts.yml"],
        value_of!("oauth_token"),
    ),
    Rule::file(
        "an Azure login",
        &["**/.azure/{msal_token_cache,accesstokens}.json"],
        value_of!("secret|accessToken|refreshToken"),
    ),
    // Terraform writes every attribute of a resource into its state.
    Rule::file(
        "a login in Terraform's state",
        &["**/*.tfstate"],
        value_of!("password|secret|private_key|private_key_pem|token"),
    ),
    Rule::file(
        "a Terraform token",
        &["**/.terraform.d/credentials.tfrc.json", "**/.terraformrc"],
        value_of!("token"),
    ),
    Rule::file(
        "a registry token",
        &["**/.cargo/{credentials,credentials.toml}"],
        value_of!("token|secret-key"),
    ),
    Rule::file(
        "a RubyGems token",
        &["**/.gem/credentials"],
        value_of!(r"[A-Za-z_]*api_key"),
    ),
    Rule::file(
        LOGIN,
        &["**/{.s3cfg,.boto,.my.cnf,.databrickscfg,rclone.conf}"],
        value_of!("secret_key|aws_secret_access_key|secret_access_key|password|token|pass"),
    ),
    Rule::file(
        AWS,
        &["**/.aws/credentials"],
        value_of!("aws_secret_access_key|aws_session_token"),
    ),
    Rule::file(
        AWS,
        &["**/.aws/{sso,cli}/cache/**"],
        value_of!("accessToken|clientSecret|SecretAccessKey"),
    ),
    // Forms by name; `.env.vault` of dotenv-vault is encrypted.
    Rule::file(
        ENVIRONMENT,
        &["**/.env", "**/.env.*", "**/*.env"],
        variable!(r"[A-Za-z0-9_.-]+"),
    )
    .except("{,*[._-]}{example,sample,template,tmpl,dist,defaults,default,schema,vault}{,[._-]*}"),
];
