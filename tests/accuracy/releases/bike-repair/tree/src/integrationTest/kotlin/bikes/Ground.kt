package bikes

import org.testcontainers.containers.PostgreSQLContainer

abstract class Ground {
    companion object {
        private val postgres = PostgreSQLContainer("postgres:17").apply { start() }
        val config = Config("${postgres.jdbcUrl}&user=${postgres.username}&password=${postgres.password}", Issuer.start(), listOf("http://localhost"), "http://localhost:1", "", "", "")
        val database by lazy { migrate(config, dryRun = false); Database(config).also { it.inside { exec("insert into shops values (1, 'Test')") } } }
    }

    fun token(roles: List<String> = emptyList(), amr: List<String> = listOf("pwd")) = Issuer.token("s1", shop = 1, roles, amr)
}
