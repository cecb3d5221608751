ThisBuild / scalaVersion := "3.7.4"
ThisBuild / version := sys.env.getOrElse("VERSION", "5.4.0-SNAPSHOT")
ThisBuild / scalacOptions ++= Seq("-Werror", "-Wunused:all", "-deprecation")

lazy val IntegrationTest = config("it").extend(Test)

lazy val root = (project in file("."))
  .enablePlugins(JavaAppPackaging, DockerPlugin)
  .configs(IntegrationTest)
  .settings(
    name := "meter-nightly",
    inConfig(IntegrationTest)(Defaults.testSettings),
    libraryDependencies ++= Seq(
      "co.fs2" %% "fs2-io" % "3.12.2",
      "org.tpolecat" %% "doobie-hikari" % "1.0.0-RC10",
      "org.tpolecat" %% "doobie-postgres" % "1.0.0-RC10",
      "org.flywaydb" % "flyway-database-postgresql" % "11.17.0",
      "com.github.cb372" %% "cats-retry" % "4.0.0",
      "io.chrisdavenport" %% "circuit" % "0.5.1",
      "software.amazon.awssdk" % "s3" % "2.38.0",
      "software.amazon.awssdk" % "cloudwatch" % "2.38.0",
      "com.github.mjakubowski84" %% "parquet4s-fs2" % "2.23.0",
      "org.http4s" %% "http4s-ember-client" % "0.23.33",
      "org.typelevel" %% "otel4s-oteljava" % "0.14.0",
      "io.opentelemetry" % "opentelemetry-exporter-otlp" % "1.56.0" % Runtime,
      "net.logstash.logback" % "logstash-logback-encoder" % "9.0" % Runtime,
      "ch.qos.logback" % "logback-classic" % "1.5.20" % Runtime,
      "org.scalameta" %% "munit-scalacheck" % "1.2.0" % Test,
      "org.typelevel" %% "munit-cats-effect" % "2.1.0" % Test,
      "com.dimafeng" %% "testcontainers-scala-postgresql" % "0.43.6" % Test
    ),
    dockerBaseImage := "eclipse-temurin:25-jre-noble",
    Docker / daemonUserUid := Some("1000"),
    dockerRepository := sys.env.get("REGISTRY")
  )
