"""The tokens of those who serve models, and of what watches and stores them."""

from __future__ import annotations

from ._shape import UUID, named, token

SHAPES = (
    token(
        "openai-key",
        "sk-proj- sk-svcacct- sk-admin-",
        r"sk-(?:proj|svcacct|admin)-[\w-]{40,200}",
        "betterleaks.openai-api-key",
    ),
    token(
        "openai-key", "T3BlbkFJ", r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", "betterleaks.openai-api-key", back=23
    ),
    token("anthropic-key", "sk-ant-", r"sk-ant-[\w-]{32,200}", "betterleaks.anthropic-api-key"),
    token("huggingface-token", "hf_", r"hf_[A-Za-z]{34}", "betterleaks.huggingface-access-token"),
    token("huggingface-token", "api_org_", r"api_org_[A-Za-z]{34}", "betterleaks.huggingface-organization-api-token"),
    token("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{52}", "betterleaks.groq-api-key"),
    token("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}", "betterleaks.replicate-api-token"),
    token("xai-key", "xai-", r"xai-[\w-]{70,120}", "betterleaks.xai-api-key"),
    token("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{48}", "betterleaks.perplexity-api-key"),
    token("openrouter-key", "sk-or-v", r"sk-or-v\d{1,3}-[\w-]{20,100}", "betterleaks.openrouter-api-key"),
    token("together-key", "tgp_v1_", r"tgp_v1_[\w-]{43}", "betterleaks.togetherai-api-key"),
    token("nvidia-key", "nvapi-", r"nvapi-[A-Za-z0-9_-]{60,70}", "betterleaks.nvidia-api-key"),
    token("cerebras-key", "csk-", r"csk-[a-z0-9]{48}", "betterleaks.cerebras-api-key"),
    token("minimax-key", "sk-api-", r"sk-api-[\w-]{119}", "betterleaks.minimax-api-key"),
    token(
        "model-service-key",
        "sk-",
        r"sk-(?:[0-9a-f]{32}|[A-Za-z0-9]{48})",
        "betterleaks.deepseek-api-key",
        confidence="medium",
    ),
    named("voyage-key", "voyage", r"(?:pa|al)-[\w-]{43}", "betterleaks.voyageai-api-key", confidence="high"),
    named("cohere-key", "cohere co_api", r"[A-Za-z0-9]{40}", "betterleaks.cohere-api-token"),
    named("mistral-key", "mistral", r"[A-Za-z0-9]{32}", "betterleaks.mistral-api-key"),
    named(
        "stability-key",
        "stability_ stabilityai stability-",
        r"sk-[A-Za-z0-9]{48}",
        "betterleaks.stability-ai-api-key",
        confidence="high",
    ),
    named(
        "elevenlabs-key",
        "elevenlabs eleven_labs",
        r"sk_[0-9a-f]{48}",
        "betterleaks.elevenlabs-api-key",
        confidence="high",
    ),
    named("deepgram-key", "deepgram", r"[0-9a-f]{40}", "betterleaks.deepgram-api-key"),
    named("assemblyai-key", "assemblyai", r"[a-z0-9]{32}", "betterleaks.assemblyai-api-key"),
    token("cartesia-key", "sk_car_", r"sk_car_[A-Za-z0-9_]{20,28}", "betterleaks.cartesia-api-key.1"),
    named(
        "fal-key", "fal_key fal_ai fal_api", rf"{UUID}:[0-9a-f]{{32}}", "betterleaks.fal-api-key.1", confidence="high"
    ),
    token("runpod-key", "rpa_", r"rpa_[A-Z0-9]{40}[A-Za-z0-9]{6}", "betterleaks.runpod-api-key.1"),
    named("ollama-key", "ollama", r"[a-f0-9]{32}\.[\w-]{24}", "betterleaks.ollama-api-key", confidence="high"),
    token(
        "langsmith-key",
        "lsv2_",
        r"lsv2_(?:pt|sk)_[0-9a-fA-F]{32}_[0-9a-fA-F]{10}",
        "betterleaks.langchain-langsmith-personal-access-token",
    ),
    token("langfuse-key", "sk-lf-", rf"sk-lf-{UUID}", "betterleaks.langfuse-secret-key.1"),
    token("llama-cloud-key", "llx-", r"llx-[A-Za-z0-9]{44,52}", "betterleaks.llama-cloud-api-key.1"),
    token("wandb-key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{77}", "betterleaks.weights-and-biases-api-key-v1"),
    named("wandb-key", "wandb weightsandbiases", r"[a-f0-9]{40}", "betterleaks.weights-and-biases-api-key"),
    named(
        "comet-key",
        "comet",
        r"[A-Za-z0-9]{25}",
        "https://www.comet.com/docs/v2/guides/experiment-management/configure-sdk",
    ),
    token("pinecone-key", "pcsk_", r"pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}", "betterleaks.pinecone-api-key.2"),
    named("pinecone-key", "pinecone", UUID, "betterleaks.pinecone-api-key.1"),
    token("apify-token", "apify_api_", r"apify_api_[A-Za-z0-9]{34,38}", "betterleaks.apify-api-token"),
    token(
        "devin-key",
        "apk_user_ apk_",
        r"apk_(?:user_)?[A-Za-z0-9+/]{80,180}={0,2}",
        "betterleaks.devin-personal-api-key",
    ),
    token("devin-key", "cog_", r"cog_[a-z2-7]{52}", "betterleaks.devin-service-user-token"),
    named("cursor-key", "cursor_ cursorapi", r"key_[0-9a-f]{64}", "betterleaks.cursor-api-key", confidence="high"),
    named("tavily-key", "tavily", r"tvly-[A-Za-z0-9-]{32,60}", "https://docs.tavily.com", confidence="high"),
    named("brave-search-key", "brave", r"BSA[\w-]{24,40}", "betterleaks.brave-search-api-key", confidence="high"),
    token(
        "voiceflow-key",
        "VF.DM. VF.WS.",
        r"VF\.(?:DM|WS)\.[a-f0-9]{20,30}\.[A-Za-z0-9]{14,20}",
        "https://docs.voiceflow.com/reference/authentication",
    ),
    token(
        "scrapfly-key",
        "scp-live- scp-test-",
        r"scp-(?:live|test)-[a-f0-9]{32}",
        "https://scrapfly.io/docs/scrape-api/getting-started",
    ),
)
