<?php

declare(strict_types=1);

namespace App\MessageHandler;

use Ackintosh\Ganesha\Builder;
use Ackintosh\Ganesha\GaneshaHttpClient;
use App\Message\Ship;
use App\Repository\OrderRepository;
use Psr\Log\LoggerInterface;
use Symfony\Component\DependencyInjection\Attribute\Target;
use Symfony\Component\Messenger\Attribute\AsMessageHandler;
use Symfony\Contracts\HttpClient\HttpClientInterface;

#[AsMessageHandler]
final class ShipHandler
{
    private readonly HttpClientInterface $post;

    public function __construct(#[Target('post.client')] HttpClientInterface $post, \Redis $redis, private readonly OrderRepository $orders, private readonly LoggerInterface $log)
    {
        $breaker = Builder::withRateStrategy()->adapter(new \Ackintosh\Ganesha\Storage\Adapter\Redis($redis))->failureRateThreshold(50)->intervalToHalfOpen(20)->minimumRequests(10)->timeWindow(60)->build();
        $this->post = new GaneshaHttpClient($post, $breaker);
    }

    public function __invoke(Ship $message): void
    {
        $order = $this->orders->get($message->order);
        $this->post->request('PUT', "/parcels/{$order->id}", ['json' => ['grams' => $order->grams, 'to' => $order->address]])->getHeaders();
        $this->log->info('parcel ordered', ['order' => $order->id, 'email' => $order->person->email, 'address' => $order->address]);
    }
}
