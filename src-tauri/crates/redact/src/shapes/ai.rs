//! Providers of models.

use super::to_value;
use crate::shape::{Left, Shape};
use crate::value::{is_mixed, is_random};

pub(super) const SHAPES: &[Shape] = &[
    Shape::token(
        "anthropic-key",
        "Anthropic API key",
        &["sk-ant-"],
        r"sk-ant-[a-z0-9]{3,12}-[A-Za-z0-9_-]{32,}",
    ),
    Shape::token(
        "openai-project-key",
        "OpenAI project key",
        &["sk-proj-"],
        r"sk-proj-[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "openai-service-key",
        "OpenAI service account key",
        &["sk-svcacct-"],
        r"sk-svcacct-[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "openai-admin-key",
        "OpenAI admin key",
        &["sk-admin-"],
        r"sk-admin-[A-Za-z0-9_-]{40,}",
    ),
    // The middle is base64 of `OpenAI`.
    Shape::token(
        "openai-key",
        "OpenAI API key",
        &["T3BlbkFJ"],
        r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}",
    )
    .lead(23),
    Shape::token(
        "openrouter-key",
        "OpenRouter API key",
        &["sk-or-v1-"],
        r"sk-or-v1-[0-9a-f]{64}",
    ),
    // Some other providers took over this form from DeepSeek.
    Shape::token(
        "deepseek-key",
        "DeepSeek API key",
        &["sk-"],
        r"sk-[0-9a-f]{32}",
    ),
    Shape::token("sk-key", "API key", &["sk-"], r"sk-[A-Za-z0-9]{40,}").only_if(is_random),
    Shape::token(
        "groq-key",
        "Groq API key",
        &["gsk_"],
        r"gsk_[A-Za-z0-9]{40,}",
    ),
    Shape::token("xai-key", "xAI API key", &["xai-"], r"xai-[A-Za-z0-9]{60,}"),
    Shape::token(
        "perplexity-key",
        "Perplexity API key",
        &["pplx-"],
        r"pplx-[A-Za-z0-9]{40,}",
    ),
    Shape::token(
        "hugging-face-token",
        "Hugging Face token",
        &["hf_", "api_org_"],
        r"(?:hf|api_org)_[A-Za-z0-9]{30,}",
    )
    .left(Left::NoRun),
    Shape::token(
        "replicate-token",
        "Replicate API token",
        &["r8_"],
        r"r8_[A-Za-z0-9]{37}",
    )
    .left(Left::NoRun),
    Shape::token(
        "cerebras-key",
        "Cerebras API key",
        &["csk-"],
        r"csk-[a-z0-9]{40,}",
    ),
    Shape::token(
        "nvidia-key",
        "NVIDIA API key",
        &["nvapi-"],
        r"nvapi-[A-Za-z0-9_-]{60,}",
    ),
    Shape::token(
        "together-key",
        "Together API key",
        &["tgp_v1_"],
        r"tgp_v1_[A-Za-z0-9_-]{40,}",
    ),
    Shape::token(
        "fireworks-key",
        "Fireworks API key",
        &["fw_"],
        r"fw_[A-Za-z0-9]{22,}",
    )
    .left(Left::NoRun)
    .only_if(is_random),
    Shape::token(
        "langsmith-key",
        "LangSmith API key",
        &["lsv2_"],
        r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
    ),
    Shape::token(
        "tavily-key",
        "Tavily API key",
        &["tvly-"],
        r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{30,}",
    ),
    Shape::token(
        "elevenlabs-key",
        "ElevenLabs API key",
        &["sk_"],
        r"sk_[0-9a-f]{48}",
    ),
    Shape::token(
        "google-api-key",
        "Google API key",
        &["AIza"],
        r"AIza[A-Za-z0-9_-]{35}",
    ),
    Shape::named(
        "mistral-key",
        "Mistral API key",
        &["mistral"],
        concat!(
            r"(?i-u:mistral[a-z_-]{0,16}key)",
            to_value!(),
            r"([A-Za-z0-9]{32})"
        ),
    )
    .only_if(is_mixed),
];
