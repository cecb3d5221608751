<?php

declare(strict_types=1);

namespace App\Tests\Integration;

use App\Tests\People;
use PHPUnit\Framework\Attributes\DataProvider;
use Symfony\Bundle\FrameworkBundle\Test\WebTestCase;

final class OrderTest extends WebTestCase
{
    use People;

    #[DataProvider('closed')]
    public function testStrangersAreSentToTheDoor(string $path): void
    {
        static::createClient()->request('GET', $path);
        self::assertResponseRedirects('/enter');
    }

    public static function closed(): iterable
    {
        yield ['/orders'];
        yield ['/me/data'];
        yield ['/back-room'];
    }

    public function testNonsenseIsRefused(): void
    {
        $client = $this->enteredAs('ann');
        $client->request('POST', '/orders', ['order' => ['grams' => -1]]);
        self::assertResponseStatusCodeSame(422);
    }

    public function testCheckoutCanBeClosed(): void
    {
        $_ENV['FEATURE_CHECKOUT'] = 'false';
        $this->enteredAs('ann')->request('GET', '/orders');
        self::assertResponseStatusCodeSame(503);
    }
}
