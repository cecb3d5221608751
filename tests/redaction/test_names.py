"""Names that say their value is secret, and names that only sound like it."""

from __future__ import annotations

import pytest

from orchestrator.redaction._names import telling

SECRET = """
    password user_passwords DB_PASSWD sshPassphrase door_passcode app.passkey mysql_pwd db_pass mail_pw wifi_pswd
    ipsec_psk client_secret accessToken aws_credential credentials git_creds stripe_apikey redis_authkey minio_accesskey
    minio_secretkey rsa_privatekey storage_accountkey sharedAccesskey bind_sharedaccesskey requirepass masterauth
    ssl_storepass ssl_keypass PGPASSWORD npm_authtoken docker_identitytoken docker_registrytoken oauth_accesstoken
    oauth_clientsecret jdbc_dbpassword mysql_rootpassword
    API_KEY aws_access_key tls_private_key app_secret_key auth_key encryption_key encrypt.key jwt_signing_key
    storage_account_key pubsub_shared_key vault_master_key crypto_key cipher_key hmac_key jwt_key session_key ssh_key
    license_key licence_key webhook_key service_key storage_key deploy_key aes_key application_key client_key
    security_key admin_key consumer_key subscription_key functions_key instrumentation_key secret_key_base
    password_value secretString token_base64 token_b64 token_64 tokenBase password_plain password_plaintext
    secret_text password_prod token_production token_live token_staging token_stage token_dev token_development
    token_test password_default password_current password_previous secret_old secret_new password_admin
    password_root password_user password_db secret_0 secret_1 secret2 token_3 token_4 token_5 token_6 token_7 token_8
    TOKEN_9 password_12
"""
OPEN = """
    public_token publishable_token next_token page_token continuation_token max_token min_tokens no_password
    cancel_token
    cancellation_token pagination_token forgot_password reset_password invalid_password wrong_password missing_token
    parser_token lexer_token css_token design_token syntax_token stop_token bos_token eos_token pad_token unk_token
    mask_token num_token total_token prompt_token completion_token show_password hide_password toggle_password
    key primary_key foreign_key sort_key cache_key public_key partition_key name username author keyboard monkey
    passenger compass tokenizer secretary value 64 default
"""


@pytest.mark.parametrize("name", SECRET.split())
def test_tells(name: str) -> None:
    """
    What such a name is given is kept secret, however the name is written.
    """
    assert telling(name)


@pytest.mark.parametrize("name", OPEN.split())
def test_does_not_tell(name: str) -> None:
    """
    Keys of tables and caches, tokens of parsers and models, and questions about passwords are no secrets.
    """
    assert not telling(name)


def test_only_the_end_of_a_long_name_counts() -> None:
    """
    What stands more than 120 characters before the end is not looked at.
    """
    assert telling("a." * 500 + "password")
    assert not telling("password." + "a" * 120)
