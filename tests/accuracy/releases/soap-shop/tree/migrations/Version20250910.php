<?php

declare(strict_types=1);

namespace DoctrineMigrations;

use Doctrine\DBAL\Schema\Schema;
use Doctrine\Migrations\AbstractMigration;

/** What: people, products, orders. Why: opening. Impact: empty database. */
final class Version20250910 extends AbstractMigration
{
    public function up(Schema $schema): void
    {
        $this->addSql('CREATE TABLE person (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(180) NOT NULL UNIQUE, name VARCHAR(120) NOT NULL, password VARCHAR(255) NOT NULL, totp VARCHAR(80) DEFAULT NULL, newsletter TINYINT(1) NOT NULL DEFAULT 0, roles JSON NOT NULL)');
        $this->addSql('CREATE TABLE product (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(12) NOT NULL UNIQUE, name VARCHAR(80) NOT NULL, cents INT UNSIGNED NOT NULL CHECK (cents BETWEEN 50 AND 20000), sold_out TINYINT(1) NOT NULL DEFAULT 0, INDEX product_name (name))');
        $this->addSql('CREATE TABLE scent (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE)');
        $this->addSql('CREATE TABLE product_scent (product_id INT NOT NULL, scent_id INT NOT NULL, PRIMARY KEY (product_id, scent_id), FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE, FOREIGN KEY (scent_id) REFERENCES scent (id) ON DELETE CASCADE)');
        $this->addSql("CREATE TABLE shop_order (id CHAR(36) PRIMARY KEY, person_id INT DEFAULT NULL, cents INT UNSIGNED NOT NULL CHECK (cents > 0), grams INT UNSIGNED NOT NULL CHECK (grams BETWEEN 20 AND 20000), address VARCHAR(255) NOT NULL, at DATETIME NOT NULL, INDEX order_person (person_id, at), FOREIGN KEY (person_id) REFERENCES person (id) ON DELETE SET NULL)");
    }

    public function down(Schema $schema): void
    {
        foreach (['shop_order', 'product_scent', 'scent', 'product', 'person'] as $table) {
            $this->addSql("DROP TABLE $table");
        }
    }
}
