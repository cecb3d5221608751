"""The packages that say what kind of software depends on them."""

from __future__ import annotations

from collections.abc import Mapping

SERVERS = {
    "pypi": (
        "django flask fastapi starlette sanic tornado aiohttp bottle falcon gunicorn uvicorn uwsgi "
        "hypercorn waitress daphne wagtail quart litestar connexion grpcio streamlit gradio "
        "functions-framework chalice mangum"
    ),
    "npm": (
        "express koa fastify @nestjs/core @hapi/hapi restify next nuxt @remix-run/node @sveltejs/kit "
        "apollo-server @apollo/server @grpc/grpc-js grpc polka hono loopback @adonisjs/core sails "
        "meteor @google-cloud/functions-framework firebase-functions @azure/functions json-server"
    ),
    "go": (
        "github.com/gin-gonic/gin github.com/labstack/echo* github.com/gofiber/fiber* "
        "github.com/go-chi/chi* github.com/gorilla/mux google.golang.org/grpc "
        "github.com/aws/aws-lambda-go connectrpc.com/connect"
    ),
    "maven": (
        "org.springframework.boot:spring-boot-starter-web "
        "org.springframework.boot:spring-boot-starter-webflux "
        "org.springframework.boot:spring-boot-starter-webmvc io.quarkus:* io.micronaut:* "
        "io.ktor:ktor-server* io.javalin:javalin io.dropwizard:* io.vertx:vertx-web "
        "com.typesafe.play:* io.grpc:grpc-netty* com.amazonaws:aws-lambda-java-core"
    ),
    "rubygems": "rails sinatra puma unicorn grape roda hanami passenger falcon thin",
    "packagist": (
        "laravel/framework symfony/framework-bundle slim/slim laravel/lumen-framework cakephp/cakephp "
        "yiisoft/yii2 codeigniter4/framework drupal/core* roots/wordpress"
    ),
    "nuget": (
        "microsoft.net.sdk.web grpc.aspnetcore microsoft.aspnetcore.app microsoft.net.sdk.worker "
        "microsoft.azure.functions.worker"
    ),
    "cargo": "actix-web axum rocket warp tonic poem tide lambda_runtime",
    "hex": "phoenix plug_cowboy bandit",
    "pub": "shelf dart_frog serverpod",
}
SQL = {
    "pypi": (
        "psycopg psycopg2 psycopg2-binary asyncpg mysqlclient pymysql mysql-connector-python "
        "sqlalchemy flask-sqlalchemy peewee tortoise-orm sqlmodel django-environ-db pyodbc cx-oracle "
        "oracledb aiosqlite aiomysql databases alembic pony"
    ),
    "npm": (
        "pg pg-promise postgres mysql mysql2 sqlite3 better-sqlite3 sequelize typeorm @mikro-orm/core "
        "knex prisma @prisma/client drizzle-orm objection mssql oracledb tedious bookshelf kysely"
    ),
    "go": (
        "github.com/lib/pq github.com/jackc/pgx* github.com/go-sql-driver/mysql gorm.io/* "
        "github.com/jmoiron/sqlx entgo.io/ent github.com/mattn/go-sqlite3 modernc.org/sqlite "
        "github.com/uptrace/bun* xorm.io/xorm cloud.google.com/go/alloydbconn"
    ),
    "maven": (
        "org.postgresql:postgresql com.mysql:mysql-connector-j mysql:mysql-connector-java "
        "org.hibernate* com.h2database:h2 org.springframework.boot:spring-boot-starter-data-jpa "
        "org.springframework.boot:spring-boot-starter-jdbc org.mybatis* org.jooq:jooq "
        "org.mariadb.jdbc:* com.oracle.database.jdbc:* com.microsoft.sqlserver:* "
        "org.jetbrains.exposed:* com.zaxxer:HikariCP"
    ),
    "rubygems": "pg mysql2 sqlite3 activerecord trilogy sequel tiny_tds",
    "packagist": "doctrine/orm doctrine/dbal illuminate/database",
    "nuget": (
        "npgsql* microsoft.entityframeworkcore* mysql.data pomelo.entityframeworkcore* dapper "
        "system.data.sqlclient microsoft.data.sqlclient microsoft.data.sqlite"
    ),
    "cargo": "sqlx diesel sea-orm tokio-postgres rusqlite postgres mysql_async",
    "hex": "postgrex myxql ecto_sql ecto_sqlite3",
    "pub": "postgres mysql1",
}
NOSQL = {
    "pypi": (
        "pymongo motor mongoengine beanie cassandra-driver neo4j elasticsearch opensearch-py "
        "google-cloud-firestore influxdb* pynamodb couchdb google-cloud-bigtable"
    ),
    "npm": (
        "mongodb mongoose cassandra-driver neo4j-driver @elastic/elasticsearch "
        "@google-cloud/firestore firebase-admin dynamoose @aws-sdk/client-dynamodb "
        "@aws-sdk/lib-dynamodb nano monk marsdb"
    ),
    "go": (
        "go.mongodb.org/mongo-driver* github.com/gocql/gocql github.com/neo4j/* "
        "cloud.google.com/go/firestore go.etcd.io/bbolt github.com/dgraph-io/badger* "
        "cloud.google.com/go/spanner go.etcd.io/etcd/client*"
    ),
    "maven": ("org.mongodb:* org.springframework.boot:spring-boot-starter-data-mongodb* com.datastax.* org.neo4j.*"),
    "rubygems": "mongoid mongo neo4j cassandra-driver",
    "nuget": "mongodb.driver microsoft.azure.cosmos",
    "cargo": "mongodb",
    "packagist": "mongodb/*",
}
MIGRATIONS = {
    "pypi": "alembic flask-migrate django aerich yoyo-migrations",
    "npm": "knex sequelize-cli typeorm prisma db-migrate node-pg-migrate umzug migrate-mongo drizzle-kit",
    "go": "github.com/golang-migrate/* github.com/pressly/goose* ariga.io/atlas*",
    "maven": "org.flywaydb:* org.liquibase:*",
    "rubygems": "activerecord",
    "packagist": "doctrine/migrations doctrine/doctrine-migrations-bundle",
    "nuget": "fluentmigrator* dbup* evolve",
    "cargo": "refinery diesel_migrations sea-orm-migration",
}
CACHE = {
    "pypi": (
        "redis aioredis django-redis pymemcache python-memcached pylibmc flask-caching-redis hiredis valkey walrus"
    ),
    "npm": ("redis ioredis memcached memjs connect-redis cache-manager-redis* @redis/client iovalkey @upstash/redis"),
    "go": (
        "github.com/redis/* github.com/go-redis/* github.com/gomodule/redigo "
        "github.com/bradfitz/gomemcache github.com/valkey-io/*"
    ),
    "maven": (
        "redis.clients:jedis io.lettuce:* org.springframework.boot:spring-boot-starter-data-redis* "
        "org.redisson:* com.hazelcast:*"
    ),
    "rubygems": "redis dalli redis-rails redis-client hiredis",
    "packagist": "predis/predis",
    "nuget": "stackexchange.redis microsoft.extensions.caching.stackexchangeredis",
    "cargo": "redis fred deadpool-redis memcache",
    "hex": "redix",
}
JOBS = {
    "pypi": (
        "celery rq rq-scheduler dramatiq huey apscheduler arq django-q* kombu confluent-kafka "
        "kafka-python aiokafka pika aio-pika faust* kafka-python-ng taskiq django-rq "
        "django-celery-beat temporalio prefect apache-airflow"
    ),
    "npm": (
        "bull bullmq bee-queue agenda kue node-cron node-schedule kafkajs amqplib "
        "amqp-connection-manager @nestjs/bull @nestjs/schedule graphile-worker pg-boss "
        "@temporalio/worker sqs-consumer cron node-rdkafka"
    ),
    "go": (
        "github.com/hibiken/asynq github.com/IBM/sarama github.com/Shopify/sarama "
        "github.com/segmentio/kafka-go github.com/rabbitmq/* github.com/robfig/cron* "
        "github.com/riverqueue/* go.temporal.io/sdk github.com/nats-io/nats.go "
        "github.com/streadway/amqp github.com/confluentinc/*"
    ),
    "maven": (
        "org.springframework.kafka:* org.springframework.boot:spring-boot-starter-amqp "
        "org.quartz-scheduler:* org.apache.kafka:* "
        "org.springframework.boot:spring-boot-starter-quartz org.jobrunr:*"
    ),
    "rubygems": (
        "sidekiq* resque delayed_job* good_job solid_queue que sneakers ruby-kafka karafka whenever rufus-scheduler"
    ),
    "packagist": "laravel/horizon symfony/messenger php-amqplib/php-amqplib",
    "nuget": "hangfire* quartz* masstransit* confluent.kafka rabbitmq.client microsoft.net.sdk.worker",
    "cargo": "rdkafka lapin apalis",
    "hex": "oban broadway*",
}
AUTHENTICATION = {
    "pypi": (
        "flask-login django-allauth flask-security* flask-jwt-extended pyjwt python-jose "
        "djangorestframework-simplejwt fastapi-users authlib flask-httpauth python-ldap ldap3 pysaml2 "
        "python3-saml social-auth-app-django django-axes"
    ),
    "npm": (
        "passport* jsonwebtoken express-jwt next-auth @auth/* @clerk/* @auth0/* express-session "
        "bcrypt bcryptjs bcrypt-nodejs @nestjs/passport @nestjs/jwt lucia firebase-admin "
        "keycloak-connect openid-client better-auth iron-session"
    ),
    "go": (
        "github.com/golang-jwt/* github.com/dgrijalva/jwt-go github.com/coreos/go-oidc* "
        "github.com/gorilla/sessions github.com/go-ldap/*"
    ),
    "maven": (
        "org.springframework.boot:spring-boot-starter-security org.springframework.security:* "
        "io.jsonwebtoken:* org.keycloak:* com.auth0:*"
    ),
    "rubygems": "devise* sorcery omniauth* jwt warden clearance rodauth* authlogic bcrypt",
    "packagist": (
        "laravel/sanctum laravel/passport laravel/fortify laravel/breeze symfony/security-bundle tymon/jwt-auth"
    ),
    "nuget": ("microsoft.aspnetcore.identity* microsoft.aspnetcore.authentication* duende.* microsoft.identity.web"),
    "cargo": "jsonwebtoken axum-login oauth2",
    "hex": "guardian pow ueberauth* bcrypt_elixir",
}
PASSWORDS = {
    "pypi": ("bcrypt argon2-cffi passlib flask-bcrypt flask-security* flask-login fastapi-users werkzeug-security"),
    "npm": "bcrypt bcryptjs bcrypt-nodejs argon2 passport-local passport-local-mongoose",
    "maven": "org.mindrot:jbcrypt",
    "rubygems": "devise bcrypt sorcery clearance argon2 authlogic",
    "nuget": "bcrypt.net* microsoft.aspnetcore.identity*",
    "cargo": "bcrypt argon2 scrypt",
    "hex": "bcrypt_elixir argon2_elixir comeonin pow",
    "packagist": "laravel/fortify laravel/breeze",
}
SESSIONS = {
    "pypi": "flask-session starsessions itsdangerous-session flask-login",
    "npm": (
        "express-session cookie-session next-auth iron-session @fastify/session "
        "@fastify/secure-session koa-session connect-redis"
    ),
    "go": "github.com/gorilla/sessions github.com/alexedwards/scs* github.com/gin-contrib/sessions",
    "maven": "org.springframework.session:*",
    "rubygems": "activerecord-session_store devise",
    "nuget": "microsoft.aspnetcore.session",
    "cargo": "tower-sessions actix-session",
}
OAUTH = {
    "pypi": (
        "authlib django-allauth social-auth* flask-dance google-auth-oauthlib msal "
        "mozilla-django-oidc python3-saml pysaml2 requests-oauthlib oauthlib"
    ),
    "npm": (
        "passport-google* passport-github* passport-oauth* passport-openidconnect passport-saml "
        "next-auth @auth/* openid-client @auth0/* @azure/msal* simple-oauth2 grant @okta/*"
    ),
    "go": "github.com/coreos/go-oidc* github.com/markbates/goth*",
    "maven": (
        "org.springframework.boot:spring-boot-starter-oauth2-client "
        "org.springframework.security:spring-security-oauth2*"
    ),
    "rubygems": "omniauth* doorkeeper oauth oauth2 ruby-saml",
    "packagist": "laravel/socialite league/oauth2-client",
    "nuget": (
        "microsoft.aspnetcore.authentication.openidconnect microsoft.aspnetcore.authentication.google "
        "microsoft.identity.web"
    ),
    "cargo": "oauth2 openidconnect",
    "hex": "ueberauth*",
}
CALLS = {
    "pypi": (
        "stripe twilio sendgrid boto3 openai anthropic google-api-python-client slack-sdk slack_sdk "
        "requests httpx aiohttp braintree google-cloud-* azure-* sentry-sdk mailchimp* paypalrestsdk "
        "pygithub"
    ),
    "npm": (
        "stripe twilio @sendgrid/* aws-sdk @aws-sdk/* openai @anthropic-ai/* googleapis "
        "@google-cloud/* axios got needle node-fetch superagent undici @slack/* @octokit/* nodemailer "
        "mailgun* braintree request @azure/* ai"
    ),
    "go": (
        "github.com/stripe/* github.com/aws/aws-sdk-go* cloud.google.com/* github.com/slack-go/slack "
        "github.com/google/go-github* github.com/twilio/* google.golang.org/api"
    ),
    "maven": (
        "com.stripe:* software.amazon.awssdk:* com.squareup.okhttp3:* com.twilio.* "
        "com.amazonaws:aws-java-sdk* com.google.cloud:* "
        "org.springframework.cloud:spring-cloud-starter-openfeign org.apache.httpcomponents*"
    ),
    "rubygems": (
        "stripe twilio-ruby aws-sdk* faraday httparty rest-client slack-ruby-client octokit sendgrid-ruby http"
    ),
    "packagist": "stripe/stripe-php aws/aws-sdk-php guzzlehttp/guzzle twilio/sdk",
    "nuget": "stripe.net awssdk.* twilio sendgrid restsharp refit",
    "cargo": "reqwest aws-sdk-* async-stripe",
    "hex": "httpoison finch tesla req stripity_stripe",
}
FRONTEND = {
    "npm": (
        "react-dom vue @angular/core svelte solid-js preact next nuxt @remix-run/react ember-source "
        "@sveltejs/kit gatsby lit jquery alpinejs bootstrap astro @builder.io/qwik htmx.org backbone "
        "angular"
    ),
    "cargo": "yew leptos dioxus",
    "hex": "phoenix_live_view phoenix_html",
    "pypi": "streamlit gradio dash",
    "nuget": "microsoft.aspnetcore.components.webassembly",
}
FULLSTACK = {
    "npm": "next nuxt @remix-run/node @remix-run/serve @sveltejs/kit meteor",
}
MOBILE = {
    "npm": "react-native expo @ionic/core @capacitor/core nativescript cordova-android cordova-ios",
    "maven": "com.android.application",
    "pub": "flutter",
    "nuget": "microsoft.maui.controls xamarin.forms",
}
PAYMENTS = {
    "pypi": "stripe braintree adyen paypalrestsdk square fhirclient hl7 fhir.resources",
    "npm": "stripe @stripe/* braintree adyen paypal* square fhir",
    "go": "github.com/stripe/*",
    "maven": "com.stripe:* ca.uhn.hapi*",
    "rubygems": "stripe braintree",
    "packagist": "stripe/*",
    "nuget": "stripe.net hl7.fhir*",
    "hex": "stripity_stripe",
}
HEALTH = {
    "pypi": "fhirclient hl7 fhir.resources hl7apy",
    "npm": "fhir fhir-kit-client",
    "maven": "ca.uhn.hapi*",
    "nuget": "hl7.fhir*",
}
SITES = {
    "rubygems": "jekyll github-pages middleman",
    "pypi": "pelican nikola lektor",
    "npm": "@11ty/eleventy gatsby astro hexo",
}
COMMANDS = {
    "go": "github.com/spf13/cobra github.com/urfave/cli* github.com/alecthomas/kong",
    "cargo": "clap structopt argh",
    "npm": "commander yargs oclif @oclif/core",
    "rubygems": "thor",
}


def wanted(table: Mapping[str, str]) -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    """Exact names and prefixes (written with a final ``*``) by ecosystem of one of the tables above."""
    exact: dict[str, frozenset[str]] = {}
    prefixes: dict[str, tuple[str, ...]] = {}
    for ecosystem, names in table.items():
        listed = names.lower().split()
        exact[ecosystem] = frozenset(n for n in listed if not n.endswith("*"))
        prefixes[ecosystem] = tuple(n[:-1] for n in listed if n.endswith("*"))
    return exact, prefixes
