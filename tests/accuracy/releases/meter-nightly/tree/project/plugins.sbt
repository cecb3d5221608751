addSbtPlugin("com.github.sbt" % "sbt-native-packager" % "1.11.4")
addSbtPlugin("net.nmoncho" % "sbt-dependency-check" % "1.8.4")
addSbtPlugin("org.scalameta" % "sbt-scalafmt" % "2.5.5")
