<?php

declare(strict_types=1);

namespace App\Controller;

use App\Audit;
use App\Entity\Order;
use App\Form\OrderType;
use App\Message\Ship;
use Doctrine\ORM\EntityManagerInterface;
use Flagception\Manager\FeatureManagerInterface;
use Prometheus\CollectorRegistry;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Routing\Attribute\Route;

final class OrderController extends AbstractController
{
    public function __construct(private readonly EntityManagerInterface $em, private readonly MessageBusInterface $bus, private readonly FeatureManagerInterface $features, private readonly CollectorRegistry $meters, private readonly Audit $audit)
    {
    }

    #[Route('/orders', name: 'order', methods: ['GET', 'POST'])]
    public function order(Request $request): Response
    {
        if (!$this->features->isActive('checkout')) {
            return $this->render('shop/closed.html.twig', [], new Response(status: 503));
        }
        $order = new Order($this->getUser());
        $form = $this->createForm(OrderType::class, $order)->handleRequest($request);
        if (!$form->isSubmitted() || !$form->isValid()) {
            return $this->render('shop/order.html.twig', ['form' => $form], new Response(status: $form->isSubmitted() ? 422 : 200));
        }
        $this->em->wrapInTransaction(function () use ($order): void {
            $this->em->persist($order);
            $this->audit->record('order.create', (string) $order->id);
        });
        $this->bus->dispatch(new Ship($order->id));
        $this->meters->getOrRegisterCounter('soap', 'orders_total', 'Orders')->inc();
        $this->meters->getOrRegisterCounter('soap', 'takings_cents_total', 'Takings')->incBy($order->cents);

        return $this->redirectToRoute('order_show', ['id' => $order->id]);
    }

    #[Route('/orders/{id}', name: 'order_show', methods: ['GET'])]
    public function show(Order $order): Response
    {
        return $this->render('shop/order_show.html.twig', ['order' => $order]);
    }
}
