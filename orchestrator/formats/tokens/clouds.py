"""The tokens of clouds, hosts, and services for names and pages."""

from __future__ import annotations

from ._shape import UUID, loose, named, near, token

_MICROSOFT = "https://learn.microsoft.com/en-us/purview/sit-defn-all-creds"

SHAPES = (
    token("aws-access-key", "AKIA ASIA ABIA ACCA", r"A(?:[KSB]IA|CCA)[A-Z2-7]{16}", "betterleaks.aws-access-token"),
    token("aws-access-key", "AKIA ASIA", r"A[KS]IA[A-Z0-9]{16}", "betterleaks.aws-access-token", confidence="medium"),
    loose(
        "aws-secret-key",
        "secret_access_key secret_key secretaccesskey secretkey",
        r"(?i:secret_?(?:access_?)?key)[\"'\]]{0,2}[ \t]{0,20}(?:=>|:=|[:=,])[ \t]{0,20}[\"']?([A-Za-z0-9/+]{40})"
        r"(?![A-Za-z0-9/+=])",
        "betterleaks.aws-secret-access-key",
    ),
    loose(
        "aws-session-token",
        "session_token sessiontoken security_token securitytoken",
        r"(?i:(?:session|security)_?token)[\"'\]]{0,2}[ \t]{0,20}(?:=>|:=|[:=])[ \t]{0,20}[\"']?"
        r"((?:FwoG|IQoJ)[A-Za-z0-9/+]{90,2000}+={0,2})",
        "betterleaks.aws-session-token",
    ),
    token(
        "aws-bedrock-key",
        "ABSK",
        r"ABSK[A-Za-z0-9+/]{109,269}+={0,2}",
        "betterleaks.aws-amazon-bedrock-api-key-long-lived",
    ),
    token(
        "aws-bedrock-key",
        "bedrock-api-key-",
        "bedrock-api-key-" + r"YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{40,4000}",
        "betterleaks.aws-amazon-bedrock-api-key-short-lived",
    ),
    token(
        "aws-marketplace-token",
        "amzn.mws.",
        rf"amzn\.mws\.{UUID}",
        "https://developer-docs.amazon.com/sp-api",
    ),
    token("google-api-key", "AIza", r"AIza[0-9A-Za-z_-]{35}", "betterleaks.gcp-api-key"),
    token("google-api-key", "AQ.Ab8RN6", r"AQ\.Ab8RN6[\w-]{44}", "betterleaks.gcp-gemini-api"),
    loose(
        "google-service-account",
        "private_key_id",
        r"private_key_id[\"']\s{0,9}:\s{0,9}[\"']([0-9a-f]{40})",
        "betterleaks.gcp-service-account",
    ),
    token(
        "google-oauth-secret", "GOCSPX-", r"GOCSPX-[\w-]{28}", "https://developers.google.com/identity/protocols/oauth2"
    ),
    token(
        "google-oauth-token", "ya29.", r"ya29\.[\w-]{30,300}", "https://developers.google.com/identity/protocols/oauth2"
    ),
    token(
        "google-refresh-token", "1//0", r"1//0[\w-]{40,250}", "https://developers.google.com/identity/protocols/oauth2"
    ),
    token(
        "firebase-server-key",
        ":APA91b",
        r"AAAA[\w-]{7}:APA91b[\w-]{100,200}",
        "https://firebase.google.com/docs/cloud-messaging",
        back=11,
    ),
    loose(
        "azure-storage-key",
        "AccountKey=",
        r"(?i:AccountKey)=([A-Za-z0-9+/]{86}==)",
        "betterleaks.azure-storage-account-key",
    ),
    loose(
        "azure-storage-key", "+ASt", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==", _MICROSOFT, back=76
    ),
    loose(
        "azure-cosmos-key", "ACDb", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}ACDb[A-Za-z0-9+/]{6}==", _MICROSOFT, back=76
    ),
    loose("azure-functions-key", "AzFu", r"(?<![\w-])[\w-]{44}AzFu[\w-]{6}==", _MICROSOFT, back=44),
    token("azure-search-key", "AzSe", r"[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}", _MICROSOFT, back=42),
    loose(
        "azure-registry-key",
        "+ACR",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}(?![A-Za-z0-9+/=])",
        _MICROSOFT,
        back=42,
    ),
    loose("azure-iot-key", "AIoT", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33}AIoT[A-Za-z0-9+/]{6}=", _MICROSOFT, back=33),
    token("azure-devops-token", "AZDO", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}", _MICROSOFT, back=76),
    loose(
        "azure-shared-access-key",
        "SharedAccessKey=",
        r"(?i:SharedAccessKey)=([A-Za-z0-9+/]{32,100}={0,2})",
        "betterleaks.azure-servicebus-connection-string",
    ),
    loose(
        "azure-app-configuration",
        ".azconfig.io;",
        r"\.azconfig\.io;Id=[^;\s'\"]{4,80};Secret=([A-Za-z0-9+/]{36,100}={0,2})",
        "betterleaks.azure-app-configuration-connection-string",
    ),
    loose(
        "azure-client-secret",
        "Q~",
        r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}",
        "betterleaks.azure-ad-client-secret",
        back=4,
    ),
    token("alibaba-key", "LTAI", r"LTAI[A-Za-z0-9]{17,21}", "betterleaks.alibaba-access-key-id"),
    named("alibaba-key", "alibaba aliyun", r"[A-Za-z0-9]{30}", "betterleaks.alibaba-secret-key"),
    token("tencent-key", "AKID", r"AKID[A-Za-z0-9]{32}", "https://www.tencentcloud.com/document/product/598"),
    named("tencent-key", "tencent", r"[A-Za-z0-9]{32}", "https://www.tencentcloud.com/document/product/598"),
    named("yandex-key", "yandex", r"AQVN[\w-]{35,38}|YC[\w-]{38}", "betterleaks.yandex-api-key", confidence="high"),
    token("yandex-key", "t1.", r"t1\.[A-Za-z0-9_-]{20,200}={0,2}\.[\w-]{86}={0,2}", "betterleaks.yandex-access-token"),
    token(
        "yandex-token", "y0_", r"y0_[\w-]{50,64}", "https://yandex.cloud/en/docs/iam/concepts/authorization/oauth-token"
    ),
    token("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[por]_v1_[0-9a-f]{64}", "betterleaks.digitalocean-pat"),
    token("heroku-key", "HRKU-", r"HRKU-[\w-]{30,70}", "betterleaks.heroku-api-key-v2"),
    near("heroku-key", "heroku", UUID, "betterleaks.heroku-api-key"),
    token(
        "fly-token",
        "fm1_ fm2_ fm1a_ fm1r_ fo1_",
        r"f(?:m(?:1[ar]?|2)_[A-Za-z0-9+/]{100,2000}={0,3}|o1_[\w-]{43})",
        "https://fly.io/docs/security/tokens",
    ),
    token("fly-token", "FlyV1", r"FlyV1\s[A-Za-z0-9=_,/+-]{100,3000}", "betterleaks.flyio-access-token"),
    token(
        "vercel-token", "vcp_ vci_ vca_ vcr_ vck_", r"vc[piark]_[\w-]{56}", "betterleaks.vercel-personal-access-token"
    ),
    named("vercel-token", "vercel", r"[A-Za-z0-9]{24}", "betterleaks.vercel-api-token"),
    token("netlify-token", "nfp_", r"nfp_[A-Za-z0-9]{36,40}", "https://docs.netlify.com/api/get-started"),
    named("netlify-token", "netlify", r"[\w=-]{40,46}", "betterleaks.netlify-access-token"),
    token("render-key", "rnd_", r"rnd_[A-Za-z0-9]{28,32}", "betterleaks.render-api-key"),
    token("cloudflare-token", "cfat_ cfut_", r"cf[ua]t_[A-Za-z0-9]{40}[a-f0-9]{8}", "betterleaks.cloudflare-api-key.2"),
    token("cloudflare-token", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}", "betterleaks.cloudflare-origin-ca-key"),
    named("cloudflare-token", "cloudflare cf_api", r"[\w-]{40}|[0-9a-f]{37}", "betterleaks.cloudflare-api-key.1"),
    named("fastly-token", "fastly", r"[\w-]{32}", "betterleaks.fastly-api-token"),
    named("scaleway-key", "scaleway scw_", UUID, "betterleaks.scaleway-secret-key"),
    named("hetzner-token", "hcloud hetzner", r"[A-Za-z0-9]{64}", "https://docs.hetzner.cloud"),
    named("ovh-key", "ovh", r"[A-Za-z0-9]{32}", "betterleaks.ovh-application-secret"),
    named("linode-token", "linode", r"[0-9a-f]{64}", "https://techdocs.akamai.com/linode-api/reference/get-started"),
    named("vultr-key", "vultr", r"[A-Z0-9a-f]{36}", "betterleaks.vultr-api-key.1"),
    named("civo-key", "civo", r"[A-Za-z0-9]{50}", "betterleaks.civo-api-key"),
    token("upcloud-token", "ucat_", r"ucat_[0-9A-Za-z]{24,32}", "betterleaks.upcloud-api-token"),
    named("exoscale-key", "exoscale", r"EXO[A-Za-z0-9]{24,30}|[\w-]{43}", "betterleaks.exoscale-api-secret"),
    token("scalingo-token", "tk-us-", r"tk-us-[\w-]{48}", "betterleaks.scalingo-api-token"),
    named("ibm-cloud-key", "ibmcloud ibm_cloud ibm-cloud", r"[\w-]{42,44}", "betterleaks.ibm-cloud-user-api-key"),
    token("pulumi-token", "pul-", r"pul-[a-f0-9]{40}", "betterleaks.pulumi-api-token"),
    token(
        "terraform-cloud-token",
        ".atlasv1.",
        r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,80}",
        "betterleaks.hashicorp-tf-api-token",
        back=14,
    ),
    token("vault-token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{24,300}", "betterleaks.vault-service-token"),
    named("vault-token", "vault", r"[sbr]\.[A-Za-z0-9]{24}", "betterleaks.vault-service-token", confidence="high"),
    token(
        "tailscale-key",
        "tskey-",
        r"tskey-[a-z]{2,12}-[A-Za-z0-9_]{8,24}-[A-Za-z0-9_-]{20,40}",
        "https://tailscale.com/kb/1252/key-secret-management",
    ),
    token("tailscale-key", "tskey-api-", r"tskey-api-[A-Za-z0-9_-]{20,36}", "betterleaks.tailscale-api-key.1"),
    near(
        "ngrok-token",
        "ngrok",
        r"2[A-Za-z0-9]{26}_\d[A-Za-z0-9]{20}",
        "betterleaks.ngrok-api-key.1",
    ),
    loose("infracost-key", "ico-", r"(?<![\w.-])ico-[A-Za-z0-9]{32}(?![\w.-])", "betterleaks.infracost-api-token"),
    token("openshift-token", "sha256~", r"sha256~[\w-]{43}", "betterleaks.openshift-user-token"),
    token(
        "docker-swarm-key",
        "SWMTKN-1-",
        r"SWMTKN-1-(?!3pu6hszjas19|1h8aps2yszai)[a-z0-9]{50,60}-[a-z0-9]{24,30}",
        "betterleaks.docker-swarm-join-token",
    ),
    token(
        "docker-swarm-key",
        "SWMKEY-1-",
        r"SWMKEY-1-(?!7c37Cc8654o6)[A-Za-z0-9+/]{40,50}",
        "betterleaks.docker-swarm-unlock-key",
    ),
    loose(
        "kubernetes-bootstrap-token",
        "kubeadm",
        r"(?i:kubeadm)[^\n]{0,80}?--token[ =]{1,3}([a-z0-9]{6}\.[a-z0-9]{16})(?![A-Za-z0-9])",
        "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens",
    ),
)
