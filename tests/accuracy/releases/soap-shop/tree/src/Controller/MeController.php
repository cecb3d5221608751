<?php

declare(strict_types=1);

namespace App\Controller;

use App\Audit;
use App\Entity\Person;
use Doctrine\ORM\EntityManagerInterface;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Component\Security\Http\Attribute\CurrentUser;
use Symfony\Component\Security\Http\Attribute\IsCsrfTokenValid;

final class MeController extends AbstractController
{
    public function __construct(private readonly EntityManagerInterface $em, private readonly Audit $audit)
    {
    }

    #[Route('/me/data', methods: ['GET'])]
    public function data(#[CurrentUser] Person $me): JsonResponse
    {
        $this->audit->record('me.export', (string) $me->id);

        return new JsonResponse(['email' => $me->email, 'name' => $me->name, 'newsletter' => $me->newsletter, 'orders' => array_map(fn ($o) => ['at' => $o->at->format('c'), 'cents' => $o->cents], $me->orders->toArray())]);
    }

    #[Route('/me/newsletter', methods: ['POST'])]
    #[IsCsrfTokenValid('newsletter')]
    public function newsletter(Request $request, #[CurrentUser] Person $me): Response
    {
        $me->newsletter = $request->request->getBoolean('yes');
        $this->audit->record($me->newsletter ? 'consent.give' : 'consent.withdraw', (string) $me->id);
        $this->em->flush();

        return $this->redirectToRoute('shop');
    }

    #[Route('/me/forget', methods: ['POST'])]
    #[IsCsrfTokenValid('forget')]
    public function forget(#[CurrentUser] Person $me): Response
    {
        $this->audit->record('me.forget', (string) $me->id);
        $me->forget();
        $this->em->flush();

        return $this->redirectToRoute('leave');
    }
}
