plugins {
    kotlin("jvm") version "2.2.21"
    kotlin("plugin.serialization") version "2.2.21"
    id("io.ktor.plugin") version "3.3.2"
    id("io.gitlab.arturbosch.detekt") version "1.23.8"
    id("org.owasp.dependencycheck") version "12.1.8"
}

group = "bikes.example"
version = file("VERSION").readText().trim()
application { mainClass = "bikes.MainKt" }
kotlin { jvmToolchain(25); compilerOptions { allWarningsAsErrors = true } }
dependencyLocking { lockAllConfigurations() }

dependencies {
    implementation("io.ktor:ktor-server-netty")
    implementation("io.ktor:ktor-server-auth-jwt")
    implementation("io.ktor:ktor-server-call-id")
    implementation("io.ktor:ktor-server-call-logging")
    implementation("io.ktor:ktor-server-compression")
    implementation("io.ktor:ktor-server-content-negotiation")
    implementation("io.ktor:ktor-server-cors")
    implementation("io.ktor:ktor-server-default-headers")
    implementation("io.ktor:ktor-server-hsts")
    implementation("io.ktor:ktor-server-metrics-micrometer")
    implementation("io.ktor:ktor-server-rate-limit")
    implementation("io.ktor:ktor-server-request-validation")
    implementation("io.ktor:ktor-server-status-pages")
    implementation("io.ktor:ktor-client-cio")
    implementation("io.ktor:ktor-serialization-kotlinx-json")
    implementation("org.jetbrains.exposed:exposed-jdbc:0.61.0")
    implementation("org.jetbrains.exposed:exposed-kotlin-datetime:0.61.0")
    implementation("org.liquibase:liquibase-core:5.0.1")
    implementation("org.postgresql:postgresql:42.7.8")
    implementation("com.zaxxer:HikariCP:7.0.2")
    implementation("io.micrometer:micrometer-registry-prometheus:1.16.0")
    implementation("io.opentelemetry.instrumentation:opentelemetry-ktor-3.0:2.21.0-alpha")
    implementation("io.opentelemetry:opentelemetry-sdk-extension-autoconfigure:1.56.0")
    implementation("io.opentelemetry:opentelemetry-exporter-otlp:1.56.0")
    implementation("io.github.resilience4j:resilience4j-kotlin:2.3.0")
    implementation("io.github.resilience4j:resilience4j-circuitbreaker:2.3.0")
    implementation("io.getunleash:unleash-client-java:11.1.1")
    implementation("com.github.ben-manes.caffeine:caffeine:3.2.3")
    implementation("net.logstash.logback:logstash-logback-encoder:9.0")
    implementation("ch.qos.logback:logback-classic:1.5.20")
    testImplementation("io.ktor:ktor-server-test-host")
    testImplementation(kotlin("test-junit5"))
    testImplementation("org.testcontainers:postgresql:1.21.3")
}

dependencyCheck { failBuildOnCVSS = 7f }
testing.suites {
    register<JvmTestSuite>("integrationTest") { useJUnitJupiter() }
    register<JvmTestSuite>("e2eTest") { useJUnitJupiter(); targets.all { testTask { systemProperty("base", findProperty("base") ?: "http://localhost:8080") } } }
}
ktor.docker { jreVersion = JavaVersion.VERSION_25; imageTag = version.toString() }
