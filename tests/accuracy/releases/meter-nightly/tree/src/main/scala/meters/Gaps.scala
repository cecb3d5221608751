package meters

import java.time.{Duration, Instant}

/** Fills missing quarters of an hour by a straight line, up to six hours; longer gaps are left for a person. */
object Gaps:
  private val quarter = Duration.ofMinutes(15)
  private val longest = Duration.ofHours(6)

  def fill(sorted: List[Reading]): List[Reading] = sorted match
    case a :: b :: rest =>
      val gap = Duration.between(a.at, b.at)
      if gap.compareTo(quarter) > 0 && gap.compareTo(longest) <= 0 then
        val steps = gap.dividedBy(quarter).toInt
        a :: (1 until steps).toList.map(n => Reading(a.meter, a.at.plus(quarter.multipliedBy(n)), a.wattHours + (b.wattHours - a.wattHours) * n / steps)) ::: fill(b :: rest)
      else a :: fill(b :: rest)
    case other => other

  def used(day: List[Reading]): Option[Long] = Option.when(day.sizeIs >= 2)(day.last.wattHours - day.head.wattHours)
