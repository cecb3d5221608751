package meters

class ReadingSuite extends munit.FunSuite:
  for (line, good) <- List("0000000001;2026-11-01T00:00:00Z;5" -> true, "1;2026-11-01T00:00:00Z;5" -> false, "0000000001;yesterday;5" -> false, "0000000001;2026-11-01T00:00:00Z;-1" -> false, "0000000001;2026-11-01T00:00:00Z;10000000000" -> false, "a;b" -> false, "0000000001'; drop table usage;--;1" -> false) do
    test(s"$line is ${if good then "taken" else "set aside"}")(assertEquals(Reading.parse(line).isValid, good))
