package bikes

import io.getunleash.DefaultUnleash
import io.getunleash.UnleashContext
import io.getunleash.util.UnleashConfig

/** Unleash, read again every ten seconds. New things are off when nobody can be asked. */
class Flags(config: Config) {
    private val unleash = config.unleash.takeIf { it.isNotEmpty() }?.let { DefaultUnleash(UnleashConfig.builder().appName("bike-repair").unleashAPI(it).apiKey(config.unleashToken).fetchTogglesInterval(10).build()) }

    fun on(name: String, who: Staff): Boolean = unleash?.isEnabled(name, UnleashContext.builder().userId(who.subject).addProperty("shop", who.shop.toString()).build(), false) ?: false
}
