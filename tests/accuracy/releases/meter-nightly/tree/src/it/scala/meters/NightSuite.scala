package meters

import cats.effect.IO
import com.dimafeng.testcontainers.PostgreSQLContainer
import com.dimafeng.testcontainers.munit.TestContainerForAll
import java.time.LocalDate
import munit.CatsEffectSuite

class NightSuite extends CatsEffectSuite with TestContainerForAll:
  override val containerDef: PostgreSQLContainer.Def = PostgreSQLContainer.Def()
  private val day = LocalDate.parse("2026-11-01")

  test("a night done twice gives the same sums") {
    withContainers { db =>
      Ground(db).use { g => for { a <- g.night(day); b <- g.night(day); s <- g.ledger.sums(day) } yield { assertEquals(s.map(_._2).sum, 96_000L); assertEquals(a, b) } }
    }
  }
  test("a night that fell goes on with the files that are left") {
    withContainers { db => Ground(db, failing = Some("2026-11-01/b.csv.gz")).use { g => g.night(day).attempt *> g.heal *> g.night(day) *> g.opened.map(o => assertEquals(o.count(_.endsWith("a.csv.gz")), 1)) } }
  }
  test("two at once do not do the same night") {
    withContainers { db => Ground(db).use { g => IO.both(g.night(day).attempt, g.night(day).attempt).map((a, b) => assert(a.isLeft || b.isLeft)) } }
  }
