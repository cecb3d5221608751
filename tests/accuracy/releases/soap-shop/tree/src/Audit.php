<?php

declare(strict_types=1);

namespace App;

use Doctrine\DBAL\Connection;
use Symfony\Bundle\SecurityBundle\Security;
use Symfony\Component\HttpFoundation\RequestStack;

/** Who, what, on what, when, from where. The table is insert only (Version20260201). */
final class Audit
{
    public function __construct(private readonly Connection $db, private readonly Security $security, private readonly RequestStack $requests)
    {
    }

    public function record(string $action, string $subject): void
    {
        $this->db->insert('audit', ['user_id' => $this->security->getUser()?->getUserIdentifier(), 'action' => $action, 'subject' => $subject, 'ip' => $this->requests->getMainRequest()?->getClientIp(), 'created_at' => date('Y-m-d H:i:s')]);
    }
}
