<?php

declare(strict_types=1);

namespace App\Tests\Journeys;

use Symfony\Component\Panther\PantherTestCase;

final class BuyTest extends PantherTestCase
{
    public function testBuy(): void
    {
        $client = self::createPantherClient(['external_base_uri' => $_SERVER['BASE']]);
        $client->request('GET', '/enter');
        $client->submitForm('Enter', ['_username' => 'journey@soap.example', '_password' => $_SERVER['JOURNEY_WORD']]);
        $client->request('GET', '/orders');
        $client->submitForm('Order', ['order[grams]' => 100, 'order[address]' => 'Test 1']);
        self::assertSelectorTextContains('h1', 'Thank you');
    }
}
