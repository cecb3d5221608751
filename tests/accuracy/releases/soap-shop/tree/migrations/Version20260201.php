<?php

declare(strict_types=1);

namespace DoctrineMigrations;

use Doctrine\DBAL\Schema\Schema;
use Doctrine\Migrations\AbstractMigration;

/** What: audit, insert only. Why: two of us may refund. Impact: new table. */
final class Version20260201 extends AbstractMigration
{
    public function up(Schema $schema): void
    {
        $this->addSql('CREATE TABLE audit (id BIGINT AUTO_INCREMENT PRIMARY KEY, user_id VARCHAR(180) DEFAULT NULL, action VARCHAR(40) NOT NULL, subject VARCHAR(80) NOT NULL, ip VARCHAR(45) NOT NULL, created_at DATETIME NOT NULL, INDEX audit_at (created_at))');
        $this->addSql("CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW SIGNAL SQLSTATE '45000'");
        $this->addSql("CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW SIGNAL SQLSTATE '45000'");
    }

    public function down(Schema $schema): void
    {
        $this->addSql('DROP TABLE audit');
    }
}
