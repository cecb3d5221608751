import { Body, Controller, Headers, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { OAuth2Client } from 'google-auth-library';
import { IsIn, IsInt, IsUUID, Min } from 'class-validator';
import { Open } from '../auth/guards.js';
import { PaymentsService } from './payments.service.js';

class ChargeIn { @IsUUID() booking!: string; }
class EventIn { @IsIn(['settled', 'refused']) type!: string; @IsUUID() booking!: string; @IsInt() @Min(1) cents!: number; }

@Controller('payments')
export class PaymentsController {
  private readonly google = new OAuth2Client();

  constructor(private readonly payments: PaymentsService) {}

  /** Called by Cloud Tasks with its own token. */
  @Open()
  @Post('charge')
  @HttpCode(204)
  async charge(@Body() { booking }: ChargeIn, @Headers('authorization') token = '', @Headers('x-cloudtasks-taskretrycount') retry = '0') {
    const ticket = await this.google.verifyIdToken({ idToken: token.replace(/^Bearer /, ''), audience: `${process.env.SELF}/v1/payments/charge` }).catch(() => undefined);
    if (ticket?.getPayload()?.email !== process.env.TASKS_ACCOUNT) throw new UnauthorizedException();
    await this.payments.charge(booking, Number(retry));
  }

  /** Called by the payment house. */
  @Open()
  @Post('events')
  @HttpCode(204)
  async event(@Body() event: EventIn) {
    if (event.type === 'settled') await this.payments.settled(event.booking, event.cents);
  }
}
