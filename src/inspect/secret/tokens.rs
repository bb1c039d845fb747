//! Secrets that are known by their own text in any file, as a table.
//!
//! Sources of prefixes and lengths: the issuers' documentation, and the public rules of gitleaks
//! and GitHub's secret scanning. A length is a minimum where an issuer may lengthen its tokens.
//! The checksum in tokens of GitHub and npm is not demanded: entropy tells a token from text just
//! as well, and goes on to do so when a format changes.

use super::key;
use super::rule::Rule;

/// Entropy of a token of letters and digits, and of one of hexadecimal digits: a little less than
/// one in ten thousand random ones has.
const MIXED: f64 = 3.4;
const HEX: f64 = 2.6;
/// More than hexadecimal digits can have: a commit's hash is no secret.
const BASE64: f64 = 4.01;

/// A row: the kind in plain words; keywords; the pattern, its first group being what is secret;
/// entropy.
macro_rules! rows {
    ($($what:literal | $keywords:tt | $pattern:literal | $entropy:tt $(| $with:ident($value:expr))*;)*) => {
        &[$(Rule::token($what, &$keywords, $pattern, $entropy) $(.$with($value))*),*]
    };
}

/// The rows; of several that apply, the first is reported.
#[rustfmt::skip]
pub(super) const TOKENS: &[Rule] = rows! {
    // Keys.
    "the key of a service account" | ["\"private_key\""] | r#""private_key"\s*:\s*"-----BEGIN "# | 0.0;
    "a private key" | ["-----BEGIN "] | "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: [A-Z0-9]+)*-----" | 0.0
        | continues(key::is_pem_body);
    "a private key" | ["PuTTY-User-Key-File-"] | r"\APuTTY-User-Key-File-(?s:.*)\nPrivate-Lines: " | 0.0;
    "a private key" | ["client-key-data:"] | r#"client-key-data:\s*["']?([A-Za-z0-9+/=]{64,})"# | HEX;
    "a private key" | ["AGE-SECRET-KEY-"] | "AGE-SECRET-KEY-(?:PQ-)?1([0-9A-Z]{58,})" | MIXED;
    // RFC 7518: `d` is the private number of every kind of key pair, with 42 characters at least.
    "a private key" | ["\"kty\""] | r#""d"\s*:\s*"([A-Za-z0-9_-]{42,})""# | HEX;

    // Clouds.
    "an AWS access key" | ["AKIA", "ASIA"] | "((?:AKIA|ASIA)[A-Z0-9]{16})(?:[^A-Za-z0-9+/]|$)" | HEX
        | beside(&["(?i)secret", "(?:^|[^A-Za-z0-9+/])([A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/]|$)"]);
    "an AWS secret key"
        | ["ecret_access_key", "ecretAccessKey", "ECRET_ACCESS_KEY", "ecretKey", "ecret-access-key"]
        | r#"[A-Za-z_.-]*(?i:secret[_-]?(?:access[_-]?)?key)[\\"']*\s*[:=]>?\s*[\\"']*([A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/=]|$)"#
        | BASE64;
    "an Amazon Bedrock key" | ["ABSK"] | "ABSK([A-Za-z0-9+/]{109,})" | MIXED;
    "a Google API key" | ["AIza"] | "AIza([A-Za-z0-9_-]{35})(?:[^A-Za-z0-9_-]|$)" | MIXED;
    "a Google client secret" | ["GOCSPX-"] | "GOCSPX-([A-Za-z0-9_-]{28,})" | MIXED;
    "the secret of an OAuth client" | ["authorized_user"] | r#""refresh_token"\s*:\s*"([^"\n]+)"# | 0.0
        | within(&["**/*.json"]) | beside(&[r#""type"\s*:\s*"authorized_user""#]);
    "the secret of an OAuth client" | ["clientSecret", "client_secret"]
        | r#""client(?:S|_s)ecret"\s*:\s*"([A-Za-z0-9~._+/=-]{16,})""# | 0.1
        | within(&["**/*.json"]) | beside(&[r#""client(?:I|_i)d"\s*:\s*"[^"$<{%*]"#]);
    "an Azure storage key" | ["AccountKey="] | "AccountKey=([A-Za-z0-9+/]{86}==)" | BASE64;
    "an Azure access key" | ["SharedAccessKey="] | "SharedAccessKey=([A-Za-z0-9+/]{43}=)" | MIXED;
    "an Azure client secret" | ["Q~"] | "([A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})" | MIXED;
    "a DigitalOcean token" | ["dop_v1_", "doo_v1_", "dor_v1_"] | "do[opr]_v1_([a-f0-9]{64})" | HEX;
    "a Heroku key" | ["HRKU-"] | "HRKU-([A-Za-z0-9_-]{58,})" | MIXED;
    "a Fly.io token" | ["fm1r_", "fm1a_", "fm2_"] | "fm(?:1[ar]|2)_([A-Za-z0-9+/]{100,})" | MIXED;
    "a Cloudflare origin key" | ["v1.0-"] | "v1\\.0-([a-f0-9]{24}-[a-f0-9]{146})" | HEX;
    "a Supabase token" | ["sbp_"] | "sbp_([a-f0-9]{40})" | HEX;
    "a Databricks token" | ["dapi"] | "dapi([a-f0-9]{32})(?:[^A-Za-z0-9]|$)" | HEX;
    "a PlanetScale token" | ["pscale_"] | "pscale_(?:tkn|oauth|pw)_([A-Za-z0-9_=.-]{32,})" | MIXED;
    "a database URL with a password"
        | ["postgres://", "postgresql://", "mysql://", "mongodb://", "mongodb+srv://", "redis://", "rediss://", "amqp://", "amqps://"]
        | r#"(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)://[^\s:/@"'<>]*:([^\s:/@"'<>${}%]{12,}@[A-Za-z][A-Za-z0-9-]*\.[A-Za-z0-9.-]+)"#
        | MIXED;

    // Code and packages.
    "a GitHub token" | ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"] | "gh[pousr]_([A-Za-z0-9_-]{36,})" | MIXED;
    "a GitHub token" | ["github_pat_"] | "github_pat_([A-Za-z0-9_-]{82,})" | MIXED;
    "a GitLab token"
        | ["glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glwt-", "glsoat-", "glffct-", "gloas-"]
        | "gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct|oas)-([A-Za-z0-9_.-]{20,})" | 2.8;
    "a GitLab token" | ["GR1348941"] | "GR1348941([A-Za-z0-9_-]{20,})" | 2.8;
    "a Bitbucket token" | ["ATBB"] | "ATBB([A-Za-z0-9]{32})(?:[^A-Za-z0-9]|$)" | MIXED;
    "an Atlassian token" | ["ATATT3", "ATCTT3"] | "AT[AC]TT3([A-Za-z0-9_=-]{100,})" | MIXED;
    "an npm token" | ["npm_"] | "npm_([A-Za-z0-9]{36})(?:[^A-Za-z0-9_]|$)" | MIXED;
    "a PyPI token" | ["pypi-AgE"] | "pypi-AgE([A-Za-z0-9_-]{50,})" | MIXED;
    "a crates.io token" | ["cio"] | "cio([A-Za-z0-9]{32})(?:[^A-Za-z0-9+/=_-]|$)" | MIXED;
    "a RubyGems token" | ["rubygems_"] | "rubygems_([a-f0-9]{48})" | HEX;
    "a Docker token" | ["dckr_pat_", "dckr_oat_"] | "dckr_[po]at_([A-Za-z0-9_-]{27,})" | MIXED;
    "an Artifactory key" | ["AKCp"] | "AKCp([A-Za-z0-9]{69})(?:[^A-Za-z0-9]|$)" | MIXED;
    "a Buildkite token" | ["bkua_"] | "bkua_([a-f0-9]{40})" | HEX;
    "a CircleCI token" | ["CCIPAT_"] | "CCIPAT_([A-Za-z0-9]{22}_[a-f0-9]{40})" | MIXED;
    "a Sonar token" | ["squ_", "sqp_", "sqa_"] | "sq[upa]_([a-f0-9]{40})(?:[^A-Za-z0-9]|$)" | HEX;
    "a Postman key" | ["PMAK-"] | "PMAK-([a-f0-9]{24}-[a-f0-9]{34})" | HEX;

    // Infrastructure and other secrets' keepers.
    "a Vault token" | ["hvs.", "hvb.", "hvr."] | "hv[sbr]\\.([A-Za-z0-9_-]{24,})" | MIXED;
    "a Terraform token" | [".atlasv1."] | "[A-Za-z0-9]{14}\\.atlasv1\\.([A-Za-z0-9_=-]{60,})" | MIXED;
    "a Pulumi token" | ["pul-"] | "pul-([a-f0-9]{40})(?:[^A-Za-z0-9]|$)" | HEX;
    "a Doppler token" | ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa."]
        | "dp\\.(?:pt|st|ct|sa)\\.(?:[a-z0-9_-]{2,35}\\.)?([A-Za-z0-9]{40,44})" | MIXED;
    "a 1Password token" | ["ops_eyJ"] | "ops_eyJ([A-Za-z0-9+/_-]{250,})" | MIXED;
    "an OpenShift token" | ["sha256~"] | "sha256~([A-Za-z0-9_-]{43})(?:[^A-Za-z0-9_-]|$)" | MIXED;
    "a Tailscale key" | ["tskey-"] | "tskey-[a-z]+-([A-Za-z0-9]+-[A-Za-z0-9]{20,})" | MIXED;
    "a Grafana token" | ["glsa_"] | "glsa_([A-Za-z0-9]{32}_[A-Fa-f0-9]{8})" | MIXED;
    "a Grafana token" | ["glc_eyJ"] | "glc_eyJ([A-Za-z0-9+/]{32,})" | MIXED;
    "a Sentry token" | ["sntryu_", "sntrys_"] | "sntry(?:u_[a-f0-9]{64}|s_eyJ[A-Za-z0-9+/=_]{80,})" | HEX;
    "a New Relic key" | ["NRAK-"] | "NRAK-([A-Z0-9]{27})(?:[^A-Za-z0-9]|$)" | MIXED;
    "a Dynatrace token" | ["dt0c01.", "dt0s16."] | "dt0[a-z0-9]{3}\\.([A-Z0-9]{24}\\.[A-Z0-9]{64})" | MIXED;

    // Models.
    "an OpenAI key" | ["T3BlbkFJ", "sk-proj-", "sk-svcacct-", "sk-admin-"]
        | "sk-(?:(?:proj|svcacct|admin)-([A-Za-z0-9_-]{40,})|([A-Za-z0-9_-]{20,}T3BlbkFJ[A-Za-z0-9_-]{20,}))" | MIXED;
    "an Anthropic key" | ["sk-ant-"] | "sk-ant-[a-z]+[0-9]{2}-([A-Za-z0-9_-]{80,})" | MIXED;
    "an OpenRouter key" | ["sk-or-v1-"] | "sk-or-v1-([a-f0-9]{64})" | HEX;
    "a Hugging Face token" | ["hf_", "api_org_"] | "(?:hf|api_org)_([A-Za-z0-9]{34})(?:[^A-Za-z0-9_]|$)" | MIXED;
    "a Groq key" | ["gsk_"] | "gsk_([A-Za-z0-9]{52})(?:[^A-Za-z0-9]|$)" | MIXED;
    "an xAI key" | ["xai-"] | "xai-([A-Za-z0-9]{80})(?:[^A-Za-z0-9]|$)" | MIXED;
    "a Perplexity key" | ["pplx-"] | "pplx-([A-Za-z0-9]{48})(?:[^A-Za-z0-9]|$)" | MIXED;
    "a Replicate token" | ["r8_"] | "r8_([A-Za-z0-9]{37})(?:[^A-Za-z0-9_]|$)" | MIXED;

    // Payment.
    "a Stripe key" | ["sk_live_", "rk_live_"] | "[sr]k_live_([A-Za-z0-9]{20,})" | MIXED;
    "a Stripe webhook secret" | ["whsec_"] | "whsec_([A-Za-z0-9+/]{32,})" | MIXED;
    "a Square token" | ["sq0atp-", "sq0csp-", "EAAA"] | "(?:sq0(?:at|cs)p-([A-Za-z0-9_-]{22,})|EAAA([A-Za-z0-9_-]{60})(?:[^A-Za-z0-9+/=_-]|$))" | MIXED;
    "a Shopify token" | ["shpat_", "shpca_", "shppa_", "shpss_"] | "shp(?:at|ca|pa|ss)_([a-fA-F0-9]{32})" | HEX;
    "a Shippo token" | ["shippo_live_"] | "shippo_live_([a-f0-9]{40})" | HEX;

    // Messages.
    "a Slack token" | ["xoxa-", "xoxb-", "xoxe-", "xoxe.xox", "xoxo-", "xoxp-", "xoxr-", "xoxs-"]
        | "xox(?:e\\.xox)?[abeoprs]-([0-9][A-Za-z0-9-]{26,})" | MIXED;
    "a Slack token" | ["xapp-"] | "xapp-[0-9]-([A-Z0-9]+-[0-9]+-[a-f0-9]{32,})" | HEX;
    "a Slack webhook" | ["hooks.slack.com/"] | "hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/_]{40,})" | MIXED;
    "a Discord webhook" | ["/api/webhooks/"] | "discord(?:app)?\\.com/api/webhooks/([0-9]{17,}/[A-Za-z0-9_-]{60,})" | MIXED;
    "a Telegram token" | [":AA"] | "([0-9]{8,10}:AA[A-Za-z0-9_-]{33})(?:[^A-Za-z0-9_-]|$)" | MIXED;
    "a SendGrid key" | ["SG."] | "SG\\.([A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})" | MIXED;
    "a Brevo key" | ["xkeysib-"] | "xkeysib-([a-f0-9]{64}-[A-Za-z0-9]{16})" | MIXED;
    "a Twilio key" | ["twilio", "Twilio", "TWILIO"] | "SK([a-f0-9]{32})(?:[^A-Za-z0-9]|$)" | HEX
        | beside(&["(?i)secret"]);

    // Offices.
    "a Notion token" | ["ntn_"] | "ntn_([0-9]{11}[A-Za-z0-9]{35})" | MIXED;
    "a Linear key" | ["lin_api_"] | "lin_api_([A-Za-z0-9]{40})" | MIXED;
    "a Figma token" | ["figd_"] | "figd_([A-Za-z0-9_-]{40,})" | MIXED;
    "an Airtable token" | ["airtable", "Airtable", "AIRTABLE"] | "pat([A-Za-z0-9]{14}\\.[a-f0-9]{64})" | MIXED;
    "a Contentful token" | ["CFPAT-"] | "CFPAT-([A-Za-z0-9_-]{43})" | MIXED;

    // A configuration of Kubernetes' clients, whatever its name is.
    "a Kubernetes login" | ["kind: Config"]
        | r#"^users:(?s:.*?)[^A-Za-z0-9_](?:token|password):[ \t]*["']?([^\s"',}]+)"# | 0.0
        | beside(&["^kind: Config", "^clusters:"]);
};
