package meters

import java.time.Instant
import munit.ScalaCheckSuite
import org.scalacheck.Gen
import org.scalacheck.Prop.forAll

class GapsSuite extends ScalaCheckSuite:
  private val m = MeterId("0000000001").get
  private def at(minutes: Long, w: Long) = Reading(m, Instant.ofEpochSecond(minutes * 60), w)

  test("an hour's gap gets three readings on the line") {
    assertEquals(Gaps.fill(List(at(0, 0), at(60, 400))).map(_.wattHours), List(0L, 100L, 200L, 300L, 400L))
  }
  test("six hours are filled, six and a quarter are not") {
    assertEquals(Gaps.fill(List(at(0, 0), at(360, 24))).size, 25)
    assertEquals(Gaps.fill(List(at(0, 0), at(375, 25))).size, 2)
  }
  property("filling changes neither the first nor the last") {
    forAll(Gen.choose(15L, 2_000L), Gen.choose(0L, 1_000_000L)) { (gap, w) =>
      val filled = Gaps.fill(List(at(0, 0), at(gap, w)))
      filled.head.wattHours == 0 && filled.last.wattHours == w
    }
  }
