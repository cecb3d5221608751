<?php

declare(strict_types=1);

namespace App\Controller;

use App\Repository\ProductRepository;
use Symfony\Bundle\FrameworkBundle\Controller\AbstractController;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Attribute\Cache;
use Symfony\Component\Routing\Attribute\Route;
use Symfony\Contracts\Cache\CacheInterface;
use Symfony\Contracts\Cache\ItemInterface;

final class ShopController extends AbstractController
{
    public function __construct(private readonly ProductRepository $products, private readonly CacheInterface $cache)
    {
    }

    #[Route('/', name: 'shop', methods: ['GET'])]
    #[Cache(public: true, maxage: 120, smaxage: 300, mustRevalidate: true)]
    public function index(): Response
    {
        $products = $this->cache->get('products', function (ItemInterface $item): array {
            $item->expiresAfter(300);

            return $this->products->onSale();
        });

        return $this->render('shop/index.html.twig', ['products' => $products]);
    }

    #[Route('/search', name: 'search', methods: ['GET'])]
    public function search(Request $request): Response
    {
        return $this->render('shop/search.html.twig', ['products' => $this->products->named($request->query->getString('q'), $request->query->getString('sort', 'name'))]);
    }

    #[Route('/privacy', name: 'privacy', methods: ['GET'])]
    public function privacy(): Response
    {
        return $this->render('shop/privacy.html.twig');
    }
}
