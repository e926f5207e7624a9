use super::samples::{uuid, write};
use super::{redacted, stays};

/// The pattern's secret is hidden, and nothing else.
fn hides(pattern: &str, name: &str) {
    let text = write(pattern, 7);
    let (before, rest) = text.split_once('«').expect("a secret");
    let (secret, after) = rest.split_once('»').expect("its end");
    let expected = format!("{before}[secret: {name}]{after}");
    assert_eq!(redacted(&format!("{before}{secret}{after}")), expected);
    stays(&expected);
}

#[test]
fn values_with_telling_names_are_hidden_in_every_notation() {
    for (pattern, name) in [
        ("DB_PASSWORD=«{a20}»", "password"),
        ("PGPASSWORD=«{a20}» psql -h db", "password"),
        ("export API_TOKEN='«{a32}»'", "token"),
        ("api_key: «{a32}» # prod", "API key"),
        ("apiKey: \"«{a32}»\",", "API key"),
        ("{\"clientSecret\": \"«{a32}»\"}", "secret"),
        ("{\\\"clientSecret\\\":\\\"«{a32}»\\\"}", "secret"),
        ("'secret' => '«{a32}»',", "secret"),
        ("const apiKey: string = \"«{a32}»\";", "API key"),
        ("let token: &'static str = \"«{a32}»\";", "token"),
        ("password := \"«{a20}»\"", "password"),
        ("os.environ[\"API_TOKEN\"] = \"«{a32}»\"", "token"),
        ("setenv(\"API_TOKEN\", \"«{a32}»\")", "token"),
        ("let token: String = String::from(\"«{a32}»\");", "token"),
        ("private_key = «0x{h64}»", "key"),
        ("DB_PASSWORD=«{a12}#{a4}»", "password"),
        (".password(\"«{a20}»\")", "password"),
        ("login --password «{a20}» --user x", "password"),
        ("login --api-key=«{a32}»", "API key"),
        ("X-Api-Key: «{a32}»", "API key"),
        ("PRIVATE-TOKEN: «{a20}»", "token"),
        ("GET /v1?access_token=«{a32}»&page=2", "token"),
        ("<password>«{a20}»</password>", "password"),
        ("spring.datasource.password=«{a20}»", "password"),
        (
            "Server=db;User=sa;Password=«{a20}»;Encrypt=true",
            "password",
        ),
        ("- name: DB_PASSWORD\n  value: «{a20}»\n", "password"),
        ("//registry.npmjs.org/:_authToken=«{a36}»", "token"),
        ("\"auth\": \"«{a32}==»\"", "credentials"),
        ("SECRET_KEY_BASE=«{h128}»", "key"),
        ("APP_KEY=«base64:{b43}=»", "key"),
        ("PrivateKey = «{b43}=»", "key"),
        ("password = \"«Tr0ub4dor&{d2}x!»\"", "password"),
        ("app_secret: '«xK9#{a3}$vL5{a3}-2»'", "secret"),
        ("log: \\nDB_PASSWORD=«{a20}»\\n", "password"),
        ("  \"token\": \"«{h8}-{h4}-{h4}-{h4}-{h12}»\"", "token"),
        ("API_TOKEN=«{l32}»", "token"),
        ("API_TOKEN=«{u32}»", "token"),
        ("API_TOKEN=«{L32}»", "token"),
    ] {
        hides(pattern, name);
    }
}

#[test]
fn values_that_are_no_secrets_stay() {
    for text in [
        "password=changeme-in-prod",
        "password=hunter2",
        "API_KEY=${API_KEY}",
        "API_KEY=$API_KEY2024ForProduction",
        "api_key: <your key, 32 characters>",
        "api_key: {{ vault.api_key2 }}",
        "api_key = os.environ[\"API_KEY_V2\"]",
        "const apiKey = process.env.API_KEY_2024_V2;",
        "let token = self.tokens2.next_token_v2();",
        "let token = Token2::new(KIND_A1B2C3D4E5);",
        "token: getUserV2TokenById(a1, b2),",
        "password: \"newPassword1\"",
        "password: \"Enter your password, 12 signs with A1!\"",
        "secret = \"projects/p1/secrets/s2/versions/v3\"",
        "secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "token_url = \"https://host.internal/oauth2/v2/token\"",
        "max_tokens: 200000, budget_tokens = 64000",
        "password_policy = \"^[A-Z][a-z0-9]{8,}$\"",
        "token_expires_at: 2024-01-01T00:00:00Z",
        "public_key = \"MCowBQYDK2VwAyEA7x1f9c3k5mQ2\"",
        "cache_key: 9f86d081884c7d659a2feaa0c55ad015",
        "nextPageToken: \"CAUQAA1b2C3d4E5f6G7h8\"",
        "password: \"user1@mail2.internal\"",
        "$(\"#password1\").val()",
        "the secret: 9 of 10 tokens are keys",
        "op_token = op://vault1/item2/field3",
        "token = \"0123456789abcdef\"",
        "const STATUS_WRONG_PASSWORD: NTSTATUS = 0xC00D2751_u32;",
        "publicKeyToken=\"6595b64144ccf1df\"",
        "NEXT_PUBLIC_API_KEY=a1B2c3D4e5F6g7H8i9J0",
        "vkCmdEndRenderPass2 = vkCmdEndRenderPass2KHR;",
        "let secret = b\"\\x9b\\xbe\\x43\\x6b\\xa9\\x40\\xf0\\x17\\xb1\\x76\";",
        "password=secure%20password2",
        "type ArrowToken = ArrowToken$1;",
        "var RenderPass = RenderPass$1;",
        "token = getUserApiKeyFromEnv",
    ] {
        stays(text);
    }
}

#[test]
fn headers_keep_their_words() {
    for (pattern, name) in [
        ("Authorization: Bearer «{a40}»", "credentials"),
        ("authorization: ApiKey «{a40}»", "credentials"),
        ("-H 'Authorization: «{a40}»'", "credentials"),
        ("{\"Authorization\":\"Basic «{a20}==»\"}", "credentials"),
        ("Proxy-Authorization: Basic «dXNlcjpwYXNz»", "credentials"),
        (
            "Set-Cookie: sid=«s%3A{a32}.{a20}»; Path=/; HttpOnly",
            "session cookie",
        ),
        ("Cookie: theme=dark; sid=«{a32}»; lang=en", "session cookie"),
    ] {
        hides(pattern, name);
    }
    stays("Authorization: Bearer ${TOKEN}");
    stays("Authorization: Bearer <token>");
    stays("WWW-Authenticate: Basic realm=\"house\"");
    stays("Set-Cookie: theme=dark; Expires=Wed, 21 Oct 2026 07:28:00 GMT; SameSite=Lax");
}

#[test]
fn every_cookie_of_a_header_is_judged() {
    let text = write("Cookie: a={a32}; theme=dark; b={a32}", 2);
    let expected = "Cookie: a=[secret: session cookie]; theme=dark; b=[secret: session cookie]";
    assert_eq!(redacted(&text), expected);
}

#[test]
fn addresses_keep_user_and_host() {
    hides("https://bob:«{a9}»@host.internal/x", "password");
    hides("amqps://bob:«p%40ss-w0rd»@[::1]:5671", "password");
    hides("redis://:«{a24}»@cache:6379/0", "password");
    hides("https://«{a40}»@git.internal/app.git", "token");
    hides("https://«{a40}»:x-oauth-basic@git.internal", "token");
    for text in [
        "https://git@git.internal/app.git",
        "https://user:pass@host.internal",
        "postgres://postgres:postgres@localhost/db",
        "https://user:${PASSWORD}@host.internal",
        "format!(\"https://{user}:{password}@{host}\")",
        "https://user:***@host.internal",
        "ssh://git@host.internal:22/repo.git",
        "see http://localhost:8080/@scope/package",
    ] {
        stays(text);
    }
    // The public key of an address for crash reports.
    stays(&write("https://{h32}@o4504.ingest.sentry.io/45", 1));
}

#[test]
fn identifiers_and_digests_stay_where_no_name_tells() {
    stays(&format!("session {}", uuid(1)));
    stays(&write("commit {h40}", 1));
    stays(&write("checksum = \"{h64}\"", 1));
    stays(&write("\"integrity\": \"sha512-{b86}==\"", 1));
}

#[test]
fn a_long_value_is_hidden_to_its_end() {
    hides("TOKEN=«{a5000}» next", "token");
    let token = write("sk-ant-api03-{w50000}", 1);
    assert_eq!(redacted(&token), "[secret: Anthropic API key]");
}
