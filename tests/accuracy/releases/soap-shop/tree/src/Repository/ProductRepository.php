<?php

declare(strict_types=1);

namespace App\Repository;

use App\Entity\Product;
use Doctrine\Bundle\DoctrineBundle\Repository\ServiceEntityRepository;
use Doctrine\Persistence\ManagerRegistry;

/** @extends ServiceEntityRepository<Product> */
final class ProductRepository extends ServiceEntityRepository
{
    public function __construct(ManagerRegistry $registry)
    {
        parent::__construct($registry, Product::class);
    }

    /** @return list<Product> */
    public function onSale(): array
    {
        return $this->createQueryBuilder('p')->addSelect('s')->join('p.scents', 's')->where('p.soldOut = false')->orderBy('p.name')->setMaxResults(200)->getQuery()->getResult();
    }

    /** @return list<array<string, mixed>> */
    public function named(string $q, string $sort): array
    {
        return $this->getEntityManager()->getConnection()->fetchAllAssociative('SELECT id, name, cents FROM product WHERE name LIKE ? ORDER BY '.$sort.' LIMIT 50', ["%$q%"]);
    }
}
