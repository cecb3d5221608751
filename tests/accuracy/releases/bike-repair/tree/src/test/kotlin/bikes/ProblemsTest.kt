package bikes

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.datetime.LocalDate

class ProblemsTest {
    private val good = Appointment(LocalDate(2027, 1, 4), 1, "A", "+49 30 1234", "city bike")

    @Test fun `a good one has none`() = assertEquals(emptyList(), good.problems())
    @Test fun `slots end at sixteen`() = assertEquals(listOf(emptyList(), listOf("slot"), listOf("slot")), listOf(16, 17, 0).map { good.copy(slot = it).problems() })
    @Test fun `a phone is digits`() = assertEquals(listOf("phone"), good.copy(phone = "' or 1=1").problems())
    @Test fun `work costs at most five thousand`() = assertEquals(listOf("cents"), Work("x", 10, 500_001).problems())
}
