"""The tokens of payments, shops, banks and exchanges."""

from __future__ import annotations

from ._shape import UUID, loose, named, token

SHAPES = (
    token(
        "stripe-key",
        "sk_live_ rk_live_ sk_prod_ rk_prod_",
        r"[sr]k_(?:live|prod)_(?!a2V5Xz)[A-Za-z0-9]{10,128}",
        "betterleaks.stripe-access-token",
    ),
    token(
        "stripe-test-key",
        "sk_test_ rk_test_",
        r"[sr]k_test_[A-Za-z0-9]{16,128}",
        "betterleaks.stripe-access-token",
        confidence="medium",
    ),
    token("stripe-webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,64}", "https://docs.stripe.com/webhooks"),
    token("square-token", "sq0atp- sq0csp-", r"sq0(?:atp-[\w-]{22}|csp-[\w-]{43})", "betterleaks.square-access-token"),
    token("square-token", "EAAA", r"EAAA[\w-]{60}", "betterleaks.square-access-token"),
    token(
        "braintree-token",
        "access_token$production$",
        r"access_token\$production\$[a-z0-9]{16}\$[0-9a-f]{32}",
        "https://developer.paypal.com/braintree/docs",
    ),
    named(
        "paypal-secret", "paypal", r"E[A-Za-z0-9_.-]{79}|[A-Za-z0-9_.-]{78,120}", "betterleaks.paypal-client-secret.1"
    ),
    token(
        "shopify-token",
        "shpat_ shpca_ shppa_ shpss_ shprt_",
        r"shp(?:at|ca|pa|ss|rt)_[0-9a-fA-F]{32}",
        "betterleaks.shopify-access-token",
    ),
    token(
        "duffel-token", "duffel_test_ duffel_live_", r"duffel_(?:test|live)_[\w=-]{43}", "betterleaks.duffel-api-token"
    ),
    token("easypost-key", "EZAK EZTK", r"EZ[AT]K[A-Za-z0-9]{54}", "betterleaks.easypost-api-token"),
    token(
        "shippo-token",
        "shippo_live_ shippo_test_",
        r"shippo_(?:live|test)_[a-fA-F0-9]{40}",
        "betterleaks.shippo-api-token",
    ),
    named(
        "gocardless-token",
        "gocardless",
        r"(?:live|sandbox)_[\w=-]{40}",
        "betterleaks.gocardless-api-token",
        confidence="high",
    ),
    token(
        "plaid-token",
        "access-development- access-production-",
        rf"access-(?:development|production)-{UUID}",
        "betterleaks.plaid-api-token",
    ),
    token(
        "plaid-test-token",
        "access-sandbox-",
        rf"access-sandbox-{UUID}",
        "betterleaks.plaid-api-token",
        confidence="medium",
    ),
    named("plaid-token", "plaid", r"[a-z0-9]{30}", "betterleaks.plaid-secret-key"),
    loose(
        "freemius-key",
        "secret_key",
        r"secret_key[\"']\s{0,4}=>\s{0,4}[\"'](sk_[^\s\"']{29})[\"']",
        "betterleaks.freemius-secret-key",
    ),
    token(
        "razorpay-key",
        "rzp_live_ rzp_test_",
        r"rzp_(?:live|test)_[A-Za-z0-9]{14}",
        "betterleaks.razorpay-key-id.1",
        confidence="medium",
    ),
    named("razorpay-key", "razorpay", r"[A-Za-z0-9]{24}", "betterleaks.razorpay-key-secret.1"),
    token(
        "flutterwave-key",
        "FLWSECK- FLWSECK_TEST-",
        r"FLWSECK(?:_TEST)?-[a-zA-Z0-9]{12,32}(?:-X)?",
        "betterleaks.flutterwave-secret-key",
    ),
    token(
        "paddle-key",
        "pdl_live_apikey_ pdl_sdbx_apikey_",
        r"pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}",
        "betterleaks.paddle-live-api-key",
    ),
    token(
        "xendit-key",
        "xnd_production_ xnd_development_",
        r"xnd_(?:production|development)_[A-Za-z0-9]{40,72}",
        "betterleaks.xendit-production-api-key.1",
    ),
    token(
        "mercury-token",
        "mercury_production_",
        r"mercury_production_[a-z]{3,6}_[A-Za-z0-9]{40,50}_yrucrem",
        "betterleaks.mercury-production-api-token",
    ),
    token("ramp-secret", "ramp_sec_", r"ramp_sec_[A-Za-z0-9]{48}", "betterleaks.ramp-client-secret"),
    token(
        "polar-token",
        "polar_at_ polar_oat_ polar_pat_",
        r"polar_(?:o?at|pat)_[\w-]{20,100}",
        "betterleaks.polar-organization-access-token",
    ),
    token("asaas-token", "$aact_", r"\$aact_(?:prod|hmlg)_[\w-]{20,200}", "betterleaks.asaas-api-token"),
    token(
        "onfido-token",
        "api_live. api_live_ca. api_live_us. api_sandbox.",
        r"api_(?:live(?:_ca|_us)?|sandbox)\.[\w-]{20,80}",
        "betterleaks.onfido-live-api-token-eu",
    ),
    token(
        "persona-key",
        "persona_production_ persona_sandbox_",
        r"persona_(?:production|sandbox)_[a-z0-9_-]{20,80}",
        "betterleaks.persona-production-api-key",
    ),
    named(
        "checkout-key",
        "checkout_ checkoutsecret",
        rf"sk_(?:test_)?{UUID}",
        "betterleaks.checkout-secret-key",
        confidence="high",
    ),
    named("lob-key", "lob_", r"(?:live|test)_[a-f0-9]{35}", "betterleaks.lob-api-key", confidence="high"),
    named(
        "woocommerce-secret",
        "woo_ woocommerce",
        r"c[sk]_[a-f0-9]{40}",
        "betterleaks.woocommerce-consumer-secret.1",
        confidence="high",
    ),
    named(
        "adyen-key",
        "adyen",
        r"AQE[\w.+=/-]{80,600}",
        "https://docs.adyen.com/development-resources/api-credentials",
        confidence="high",
    ),
    named("coinbase-key", "coinbase", r"[a-z0-9_-]{64}|[A-Za-z0-9]{32}", "betterleaks.coinbase-access-token"),
    named("binance-key", "binance", r"[A-Za-z0-9]{64}", "https://developers.binance.com/docs/binance-spot-api-docs"),
    named("kraken-key", "kraken", r"[A-Za-z0-9/+_-]{54,90}={0,2}", "betterleaks.kraken-access-token"),
    named("kucoin-key", "kucoin", rf"{UUID}|[a-f0-9]{{24}}", "betterleaks.kucoin-secret-key"),
    named("bittrex-key", "bittrex", r"[a-z0-9]{32}", "betterleaks.bittrex-secret-key"),
    named("etsy-key", "etsy_ etsyapi", r"[a-z0-9]{24}(?::[a-z0-9]{10,64})?", "betterleaks.etsy-open-api-key"),
    token(
        "ebay-secret", "PRD-", r"PRD-[a-f0-9]{8,12}(?:-[a-f0-9]{4}){3}-[a-f0-9]{4,12}", "betterleaks.ebay-client-secret"
    ),
)
