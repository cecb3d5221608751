package bikes

import java.io.OutputStreamWriter
import java.sql.DriverManager
import liquibase.Contexts
import liquibase.Liquibase
import liquibase.database.jvm.JdbcConnection
import liquibase.resource.ClassLoaderResourceAccessor

/** Liquibase holds DATABASECHANGELOGLOCK; `migrate-sql` prints and changes nothing. */
fun migrate(config: Config, dryRun: Boolean) {
    DriverManager.getConnection(config.db).use { c ->
        val liquibase = Liquibase("db/changelog.yaml", ClassLoaderResourceAccessor(), JdbcConnection(c))
        if (dryRun) liquibase.update(Contexts(), OutputStreamWriter(System.out)) else liquibase.update(Contexts())
    }
}
