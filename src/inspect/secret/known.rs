//! Files that are known by name to have secrets, if they have any: a form that is still to be filled
//! in has none.

use camino::Utf8Path;

use crate::inspect::secret::Secret;

/// The secret in the text file at `path`, all in lower case but the text.
pub(super) fn find(path: &str, text: &str) -> Option<Secret> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is = |end: &str| path == end || path.ends_with(&format!("/{end}"));
    let is_below = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    let has = |keys: &[&str]| keys.iter().any(|key| has_value(text, key));
    let found = |secret: Secret, is_secret: bool| is_secret.then_some(secret);
    match name {
        ".netrc" | "_netrc" | ".pypirc" | ".git-credentials" => Some(Secret::Logins),
        ".pgpass" | "pgpass.conf" => found(Secret::Logins, text.lines().any(is_login_of_postgres)),
        ".npmrc" => found(Secret::NpmToken, has(&["_authToken", "_auth", "_password"])),
        ".yarnrc.yml" => found(Secret::NpmToken, has(&["npmAuthToken", "npmAuthIdent"])),
        ".envrc" => found(Secret::Environment, text.lines().any(is_secret_variable)),
        "application_default_credentials.json" => {
            found(Secret::Logins, has(&["refresh_token", "private_key"]))
        }
        ".dockercfg" | ".dockerconfigjson" => found(Secret::Logins, has(DOCKER)),
        _ if is(".docker/config.json") => found(Secret::Logins, has(DOCKER)),
        _ if is(".kube/config") || is_kubeconfig(text) => {
            found(Secret::Logins, has(&["token", "password"]))
        }
        ".vault-token" => Some(Secret::Token),
        _ if is("gh/hosts.yml") => found(Secret::Token, has(&["oauth_token"])),
        _ if is(".azure/msal_token_cache.json") || is(".azure/accesstokens.json") => found(
            Secret::Logins,
            has(&["secret", "accessToken", "refreshToken"]),
        ),
        _ if name.ends_with(".tfstate") => found(Secret::Logins, has(TERRAFORM)),
        _ if name.ends_with(".tfvars") => {
            found(Secret::Environment, text.lines().any(is_secret_variable))
        }
        _ if is(".cargo/credentials") || is(".cargo/credentials.toml") => {
            found(Secret::Logins, has(&["token", "secret-key"]))
        }
        _ if is(".aws/credentials") => {
            let keys = ["aws_secret_access_key", "aws_session_token"];
            found(Secret::AwsCredentials, has(&keys))
        }
        _ if is_below(".aws/sso/cache/") || is_below(".aws/cli/cache/") => {
            let keys = ["accessToken", "clientSecret", "SecretAccessKey"];
            found(Secret::AwsCredentials, has(&keys))
        }
        _ if is_environment(name) => found(Secret::Environment, text.lines().any(is_variable)),
        _ => None,
    }
}

/// What resources have of secrets: Terraform writes all they have into its state.
const TERRAFORM: &[&str] = &[
    "password",
    "secret",
    "private_key",
    "private_key_pem",
    "token",
];

/// Whether a text is a configuration of Kubernetes' clients, whatever it is called.
fn is_kubeconfig(text: &str) -> bool {
    let has = |beginning| text.lines().any(|line| line.starts_with(beginning));
    has("kind: Config") && has("clusters:") && has("users:")
}

const DOCKER: &[&str] = &["auth", "identitytoken", "registrytoken", "password"];

/// `.env`, `.env.production` and `prod.env`, but not `.env.example`.
fn is_environment(name: &str) -> bool {
    const FORMS: [&str; 9] = [
        "example", "sample", "template", "tmpl", "dist", "defaults", "default", "schema",
        // of dotenv-vault: encrypted
        "vault",
    ];
    // An editor's copy has what the file had.
    let name = name.trim_end_matches('~');
    let mut parts = name.split(['.', '-', '_']);
    let is_kind_of_it = Utf8Path::new(name).extension() == Some("env");
    let is_named_so = name == ".env" || name.starts_with(".env.") || is_kind_of_it;
    is_named_so && !parts.any(|part| FORMS.contains(&part))
}

/// `NAME=value`, with a value.
fn is_variable(line: &str) -> bool {
    variable(line).is_some()
}

/// The name of a variable that a line gives a value to.
fn variable(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let name = name.trim();
    let has_both = !name.is_empty() && name.chars().all(is_name) && !is_form(value);
    has_both.then_some(name)
}

/// Whether a line of what a shell runs gives a value to what is called like a secret: such a file
/// also sets paths and flags.
fn is_secret_variable(line: &str) -> bool {
    const WORDS: [&str; 7] = [
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "API_KEY",
        "ACCESS_KEY",
        "PRIVATE",
    ];
    variable(line).is_some_and(|name| {
        let name = name.to_ascii_uppercase();
        WORDS.iter().any(|word| name.contains(word))
    })
}

/// `host:port:database:user:password`.
fn is_login_of_postgres(line: &str) -> bool {
    let mut fields = line.trim().splitn(5, ':');
    !line.trim_start().starts_with('#') && fields.nth(4).is_some_and(|password| !is_form(password))
}

/// Whether a key has a value, in JSON, YAML, TOML or an INI file.
pub(super) fn has_value(text: &str, key: &str) -> bool {
    values(text, key).any(|value| !is_form(value))
}

/// The values of a key, without quotes, each as far as it matters.
pub(super) fn values<'t>(text: &'t str, key: &str) -> impl Iterator<Item = &'t str> {
    let is_comment = |line: &&str| line.trim_start().starts_with(['#', ';']);
    let lines = text.lines().filter(move |line| !is_comment(line));
    lines.flat_map(move |line| {
        let places = line.match_indices(key).map(|(at, _)| at);
        places
            .filter_map(|at| value_at(line, at, key))
            .collect::<Vec<_>>()
    })
}

/// The value of the key that begins at a place in a line, if it is one.
fn value_at<'t>(line: &'t str, at: usize, key: &str) -> Option<&'t str> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if line[..at].ends_with(is_inside) {
        return None;
    }
    let after = line[at + key.len()..].trim_start_matches(['"', '\'']);
    let value = after.trim_start().strip_prefix([':', '='])?.trim_start();
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        return Some(until(&value[1..], |c| c == quote));
    }
    // `${NAME}` is a value as a whole, what a brace begins is a table.
    let value = until(value, |c| c.is_whitespace() || ",}".contains(c));
    Some(value).filter(|value| !value.starts_with('{'))
}

/// The text up to a character, or as much of it as tells what it is: a line may be long, and all of
/// it keys.
fn until(text: &str, is_end: impl Fn(char) -> bool) -> &str {
    const MOST: usize = 256;
    let end = |(nth, (_, c)): &(usize, (usize, char))| *nth == MOST || is_end(*c);
    let mut characters = text.char_indices().enumerate();
    let end = characters.find(end).map_or(text.len(), |(_, (at, _))| at);
    &text[..end]
}

/// Whether a value stands for another that is still to come: nothing, `${NAME}`, `<your token>`.
pub(super) fn is_form(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']).trim();
    let mut characters = value.chars();
    let first = characters.next();
    first.is_none_or(|first| "$<{%*".contains(first))
        || (value.len() > 2 && characters.all(|c| Some(c) == first && "xX.-_".contains(c)))
        || ["null", "none", "changeme"].contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_for_secrets_are_known_by_name_where_they_have_any() {
        use Secret::{AwsCredentials, Environment, Logins, NpmToken};
        for (path, text, secret) in [
            ("a/.netrc", "machine x login y", Logins),
            (".pgpass", "h:5432:d:u:p\n", Logins),
            (".npmrc", "//r/:_authToken=npm_abc", NpmToken),
            (".npmrc", "//r/:_auth=abc", NpmToken),
            (".env", "export A=1\n", Environment),
            ("a/.env.production", "A=1\n", Environment),
            ("prod.env", "DB_PASSWORD=hunter2\n", Environment),
            (".envrc", "export DB_PASSWORD=hunter2\n", Environment),
            (
                ".aws/credentials",
                "aws_secret_access_key = wJal\n",
                AwsCredentials,
            ),
            (
                "x/.aws/sso/cache/1.json",
                "{\"accessToken\":\"aa\"}",
                AwsCredentials,
            ),
            (
                ".docker/config.json",
                "{\"auths\":{\"r\":{\"auth\":\"dXN\"}}}",
                Logins,
            ),
            (".kube/config", "user:\n  token: abc\n", Logins),
            (
                ".cargo/credentials.toml",
                "[registry]\ntoken = \"cio\"\n",
                Logins,
            ),
            (
                "application_default_credentials.json",
                "{\"refresh_token\": \"c\"}",
                Logins,
            ),
        ] {
            assert_eq!(find(path, text), Some(secret), "{path}");
        }
    }

    #[test]
    fn what_tools_of_clouds_keep_is_found() {
        let kube = "kind: Config\nclusters: []\nusers:\n- user:\n    token: eyJh1\n";
        for (path, text) in [
            ("kubeconfig.yaml", kube),
            (".vault-token", "hvs.CAESIJ"),
            (
                ".config/gh/hosts.yml",
                "github.com:\n  oauth_token: gho_1\n",
            ),
            (".azure/msal_token_cache.json", "{\"secret\": \"0.AX\"}"),
            (".azure/accesstokens.json", "[{\"refreshToken\": \"0.AX\"}]"),
            ("terraform.tfstate", "{\"password\": \"hunter2\"}"),
            ("prod.tfvars", "db_password = \"hunter2\"\n"),
            (".env~", "A=1\n"),
        ] {
            assert!(find(path, text).is_some(), "{path}");
        }
        for (path, text) in [
            ("a.yaml", "kind: Config\ntoken: a\n"),
            ("terraform.tfstate", "{\"name\": \"a\", \"password\": null}"),
            ("prod.tfvars", "region = \"eu-west-1\"\n"),
        ] {
            assert_eq!(find(path, text), None, "{path}");
        }
    }

    #[test]
    fn values_are_read_in_any_notation() {
        let text = "a=1\n \"a\": \"2 3\", 'a':'4'\na: 5, ba: 6 # a: 7\n# a: 8\na:\n{a: {b: 9}}";
        let found: Vec<&str> = values(text, "a").collect();
        assert_eq!(found, ["1", "2 3", "4", "5", "7", ""]);
        let long = "a:<".repeat(40_000);
        assert_eq!(values(&long, "a").count(), 40_000);
    }

    #[test]
    fn forms_and_other_files_have_none() {
        for (path, text) in [
            (".npmrc", "//r/:_authToken=${NPM_TOKEN}\n"),
            (".npmrc", "save-exact=true\n; _authToken=x\n"),
            (".env", "# A=1\nB=\nC=\"\"\n"),
            (".env.example", "A=1\n"),
            (".env.example.prod", "A=1\n"),
            (".env.sample", "A=1\n"),
            ("example.env", "A=1\n"),
            (
                ".envrc",
                "use flake\nexport PATH=bin:$PATH\nexport TOKEN=$(pass x)\n",
            ),
            (
                ".docker/config.json",
                "{\"credsStore\":\"desktop\",\"auths\":{\"r\":{}}}",
            ),
            ("src/config.json", "{\"auth\":\"dXN\"}"),
            (".aws/config", "[default]\nregion = eu-west-1\n"),
            (".aws/credentials", "aws_secret_access_key = <yours>\n"),
            (".aws/credentials", "aws_secret_access_key = xxxxx\n"),
            (".cargo/config.toml", "[build]\n"),
            (".pgpass", "# host:port:database:user:password\n"),
            ("environment", "A=1\n"),
        ] {
            assert_eq!(find(path, text), None, "{path}: {text}");
        }
    }
}
