<?php

declare(strict_types=1);

namespace App\Entity;

use Doctrine\Common\Collections\ArrayCollection;
use Doctrine\Common\Collections\Collection;
use Doctrine\ORM\Mapping as ORM;

#[ORM\Entity]
class Product
{
    #[ORM\Id, ORM\GeneratedValue, ORM\Column]
    public ?int $id = null;

    #[ORM\Column(length: 12, unique: true)]
    public string $code;

    #[ORM\Column(length: 80)]
    public string $name;

    #[ORM\Column(options: ['unsigned' => true])]
    public int $cents;

    #[ORM\Column]
    public bool $soldOut = false;

    /** @var Collection<int, Scent> */
    #[ORM\ManyToMany(targetEntity: Scent::class)]
    public Collection $scents;

    public function __construct()
    {
        $this->scents = new ArrayCollection();
    }
}
