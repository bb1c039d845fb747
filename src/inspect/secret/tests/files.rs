//! Files that hold secrets by their purpose.

use crate::inspect::secret::tests::found;

#[test]
fn files_for_secrets_are_known_by_name_where_they_have_any() {
    for (path, text, secret) in [
        ("a/.netrc", "machine x login y", "a login"),
        (".pgpass", "h:5432:d:u:p\n", "a login"),
        (".npmrc", "//r/:_authToken=npm_abc", "an npm token"),
        (".npmrc", "//r/:_auth=abc", "an npm token"),
        (".env", "export A=1\n", "an environment variable"),
        ("a/.env.production", "A=1\n", "an environment variable"),
        (
            "prod.env",
            "DB_PASSWORD=hunter2\n",
            "an environment variable",
        ),
        (
            ".envrc",
            "export DB_PASSWORD=hunter2\n",
            "an environment variable",
        ),
        (
            ".aws/credentials",
            "aws_secret_access_key = wJal\n",
            "an AWS credential",
        ),
        (
            "x/.aws/sso/cache/1.json",
            "{\"accessToken\":\"aa\"}",
            "an AWS credential",
        ),
        (
            ".docker/config.json",
            "{\"auths\":{\"r\":{\"auth\":\"dXN\"}}}",
            "a Docker login",
        ),
        (
            ".kube/config",
            "user:\n  token: abc\n",
            "a Kubernetes login",
        ),
        (
            ".cargo/credentials.toml",
            "[registry]\ntoken = \"cio\"\n",
            "a registry token",
        ),
        (
            "application_default_credentials.json",
            "{\"refresh_token\": \"c\"}",
            "a login",
        ),
    ] {
        assert_eq!(found(path, text), Some(secret), "{path}");
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
        assert!(found(path, text).is_some(), "{path}");
    }
    for (path, text) in [
        ("a.yaml", "kind: Config\ntoken: a\n"),
        ("terraform.tfstate", "{\"name\": \"a\", \"password\": null}"),
        ("prod.tfvars", "region = \"eu-west-1\"\n"),
    ] {
        assert_eq!(found(path, text), None, "{path}");
    }
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
        assert_eq!(found(path, text), None, "{path}: {text}");
    }
}
