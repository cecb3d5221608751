plugins {
    java
    id("org.springframework.boot") version "4.0.0"
    id("io.spring.dependency-management") version "1.1.7"
    id("org.owasp.dependencycheck") version "12.1.8"
    id("com.google.cloud.tools.jib") version "3.4.5"
    id("com.diffplug.spotless") version "8.1.0"
}

group = "care.example"
version = providers.environmentVariable("CI_COMMIT_TAG").orElse("0.0.0-local").get()
java { toolchain { languageVersion = JavaLanguageVersion.of(25) } }
repositories { mavenCentral() }
dependencyLocking { lockAllConfigurations() }

dependencies {
    implementation("org.springframework.boot:spring-boot-starter-webmvc")
    implementation("org.springframework.boot:spring-boot-starter-data-jpa")
    implementation("org.springframework.boot:spring-boot-starter-validation")
    implementation("org.springframework.boot:spring-boot-starter-security-oauth2-resource-server")
    implementation("org.springframework.boot:spring-boot-starter-actuator")
    implementation("org.springframework.boot:spring-boot-starter-flyway")
    implementation("org.springframework.boot:spring-boot-starter-kafka")
    implementation("org.springframework.boot:spring-boot-starter-opentelemetry")
    implementation("org.flywaydb:flyway-database-postgresql")
    implementation("io.micrometer:micrometer-registry-prometheus")
    implementation("io.github.resilience4j:resilience4j-spring-boot3:2.3.0")
    implementation("io.getunleash:springboot-unleash-starter:1.2.0")
    implementation("com.bucket4j:bucket4j_jdk17-core:8.15.0")
    implementation("com.github.ben-manes.caffeine:caffeine")
    runtimeOnly("org.postgresql:postgresql")
    testImplementation("org.springframework.boot:spring-boot-starter-test")
    testImplementation("org.springframework.security:spring-security-test")
    testImplementation("org.testcontainers:postgresql:1.21.3")
    testImplementation("org.testcontainers:kafka:1.21.3")
    testImplementation("com.tngtech.archunit:archunit-junit5:1.4.1")
}

testing.suites.register<JvmTestSuite>("journeys") {
    useJUnitJupiter()
    targets.all { testTask { systemProperty("base", providers.gradleProperty("base").orElse("http://localhost:8080").get()) } }
}
tasks.test { useJUnitPlatform() }
dependencyCheck { failBuildOnCVSS = 7.0f }
jib {
    from { image = "eclipse-temurin:25-jre-noble" }
    to { image = "${System.getenv("REGISTRY")}/dialysis-rota"; tags = setOf(version.toString(), System.getenv("CI_COMMIT_SHORT_SHA") ?: "local") }
    container { user = "1000"; jvmFlags = listOf("-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError"); ports = listOf("8080", "8081") }
}
