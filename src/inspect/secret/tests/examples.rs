//! Examples of tokens. None stands here as a whole: scanners of sources would report it.

/// So many letters and digits without an order.
pub(super) fn mixed(length: usize) -> String {
    let letters = "Q7w2zR9kT4mX1vB8nL5pJ3hG6dF0sYcUeAiOq2W7".chars();
    letters.cycle().take(length).collect()
}

fn hex(length: usize) -> String {
    "9f3a0c7e1b5d8264".chars().cycle().take(length).collect()
}

/// An example of each row of tokens: its kind, and its text, split where what is random begins.
#[expect(clippy::too_many_lines, reason = "a row for each row of the table")]
pub(super) fn examples() -> Vec<(&'static str, &'static str, String)> {
    let letters = |length| mixed(length).replace(|c: char| c.is_ascii_digit(), "g");
    let capitals = |length| mixed(length).to_uppercase();
    let pair = |id: &str| format!("{id}\nsecret = {}", mixed(40));
    vec![
        ("a private key", "AGE-SECRET-KEY-1", capitals(58)),
        ("a private key", "AGE-SECRET-KEY-PQ-1", capitals(80)),
        (
            "a private key",
            "{\"kty\":\"EC\",\"d\":\"",
            format!("{}\"}}", mixed(43)),
        ),
        ("a private key", "client-key-data: ", mixed(64)),
        (
            "a private key",
            "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: ",
            mixed(64),
        ),
        (
            "a private key",
            "-----BEGIN RSA PRIVATE KEY-----\n",
            mixed(64),
        ),
        (
            "the key of a service account",
            "{\"private_key\": \"-----BEGIN ",
            "PRIVATE KEY-----\\nMII".to_owned(),
        ),
        ("an AWS access key", "AKIA", pair("QWERTYUIOPASDFGH")),
        ("an AWS access key", "ASIA", pair("Q2ERTYU3OPAS7FGH")),
        ("an AWS secret key", "AWS_SECRET_ACCESS_KEY=", mixed(40)),
        ("an AWS secret key", "aws_secret_access_key: ", mixed(40)),
        ("an AWS secret key", "aws.secretKey = ", mixed(40)),
        (
            "an AWS secret key",
            "\"SecretAccessKey\": \"",
            mixed(40) + "\"",
        ),
        (
            "an AWS secret key",
            "{\\\"secretAccessKey\\\":\\\"",
            mixed(40) + "\\\"",
        ),
        ("an AWS secret key", "secret-access-key: '", mixed(40) + "'"),
        ("an Amazon Bedrock key", "ABSK", mixed(109)),
        ("a Google API key", "AIza", mixed(35)),
        ("a Google client secret", "GOCSPX-", mixed(28)),
        ("an Azure storage key", "AccountKey=", mixed(86) + "=="),
        ("an Azure access key", "SharedAccessKey=", mixed(43) + "="),
        ("an Azure client secret", "", format!("aB38Q~{}", mixed(34))),
        ("a DigitalOcean token", "dop_v1_", hex(64)),
        ("a Heroku key", "HRKU-AA", mixed(58)),
        ("a Fly.io token", "fm2_", mixed(120)),
        (
            "a Cloudflare origin key",
            "v1.0-",
            format!("{}-{}", hex(24), hex(146)),
        ),
        ("a Supabase token", "sbp_", hex(40)),
        ("a Databricks token", "dapi", hex(32)),
        ("a PlanetScale token", "pscale_tkn_", mixed(43)),
        (
            "a database URL with a password",
            "postgres://admin:",
            format!("{}@db.internal.net/orders", mixed(16)),
        ),
        ("a GitHub token", "ghp_", mixed(36)),
        ("a GitHub token", "ghs_", mixed(36)),
        ("a GitHub token", "github_pat_", mixed(82)),
        ("a GitLab token", "glpat-", mixed(20)),
        ("a GitLab token", "glrt-", mixed(20)),
        ("a GitLab token", "GR1348941", mixed(20)),
        ("a Bitbucket token", "ATBB", mixed(32)),
        ("an Atlassian token", "ATATT3", mixed(186)),
        ("an npm token", "npm_", mixed(36)),
        ("a PyPI token", "pypi-AgE", mixed(120)),
        ("a crates.io token", "cio", mixed(32)),
        ("a RubyGems token", "rubygems_", hex(48)),
        ("a Docker token", "dckr_pat_", mixed(27)),
        ("an Artifactory key", "AKCp", mixed(69)),
        ("a Buildkite token", "bkua_", hex(40)),
        (
            "a CircleCI token",
            "CCIPAT_",
            format!("{}_{}", mixed(22), hex(40)),
        ),
        ("a Sonar token", "squ_", hex(40)),
        ("a Postman key", "PMAK-", format!("{}-{}", hex(24), hex(34))),
        ("a Vault token", "hvs.", mixed(95)),
        (
            "a Terraform token",
            "",
            format!("{}.atlasv1.{}", mixed(14), mixed(67)),
        ),
        ("a Pulumi token", "pul-", hex(40)),
        ("a Doppler token", "dp.pt.", mixed(43)),
        ("a 1Password token", "ops_eyJ", mixed(250)),
        ("an OpenShift token", "sha256~", mixed(43)),
        (
            "a Tailscale key",
            "tskey-auth-",
            format!("k7Q2zR9kT4CNTRL-{}", mixed(32)),
        ),
        (
            "a Grafana token",
            "glsa_",
            format!("{}_{}", mixed(32), hex(8)),
        ),
        ("a Grafana token", "glc_eyJ", mixed(80)),
        ("a Sentry token", "sntryu_", hex(64)),
        ("a New Relic key", "NRAK-", capitals(27)),
        (
            "a Dynatrace token",
            "dt0c01.",
            format!("{}.{}", capitals(24), capitals(64)),
        ),
        ("an OpenAI key", "sk-proj-", mixed(150)),
        (
            "an OpenAI key",
            "sk-",
            format!("{}T3BlbkFJ{}", mixed(20), mixed(20)),
        ),
        ("an Anthropic key", "sk-ant-api03-", mixed(93) + "AA"),
        ("an OpenRouter key", "sk-or-v1-", hex(64)),
        ("a Hugging Face token", "hf_", letters(34)),
        ("a Groq key", "gsk_", mixed(52)),
        ("an xAI key", "xai-", mixed(80)),
        ("a Perplexity key", "pplx-", mixed(48)),
        ("a Replicate token", "r8_", mixed(37)),
        ("a Stripe key", "sk_live_", mixed(24)),
        ("a Stripe key", "rk_live_", mixed(24)),
        ("a Stripe webhook secret", "whsec_", mixed(32)),
        ("a Square token", "sq0atp-", mixed(22)),
        ("a Shopify token", "shpat_", hex(32)),
        ("a Shippo token", "shippo_live_", hex(40)),
        (
            "a Slack token",
            "xoxb-",
            format!("7216049358-9041752836-{}", mixed(24)),
        ),
        (
            "a Slack token",
            "xoxp-",
            format!("7216049358-9041752836-{}", mixed(32)),
        ),
        (
            "a Slack token",
            "xapp-1-",
            format!("A0Q7W2Z-7216049358-{}", hex(64)),
        ),
        (
            "a Slack webhook",
            "hooks.slack.com/services/",
            format!("T7Q2/B9K4/{}", mixed(32)),
        ),
        (
            "a Discord webhook",
            "discord.com/api/webhooks/",
            format!("721604935890417528/{}", mixed(68)),
        ),
        ("a Telegram token", "", format!("721604935:AA{}", mixed(33))),
        (
            "a SendGrid key",
            "SG.",
            format!("{}.{}", mixed(22), mixed(43)),
        ),
        (
            "a Brevo key",
            "xkeysib-",
            format!("{}-{}", hex(64), mixed(16)),
        ),
        ("a Twilio key", "twilio: SK", hex(32) + "\nsecret"),
        (
            "a Notion token",
            "ntn_",
            format!("72160493589{}", mixed(35)),
        ),
        ("a Linear key", "lin_api_", mixed(40)),
        ("a Figma token", "figd_", mixed(40)),
        (
            "an Airtable token",
            "airtable: pat",
            format!("{}.{}", mixed(14), hex(64)),
        ),
        ("a Contentful token", "CFPAT-", mixed(43)),
        (
            "a Kubernetes login",
            "apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- user:\n    token: ",
            mixed(20),
        ),
    ]
}
