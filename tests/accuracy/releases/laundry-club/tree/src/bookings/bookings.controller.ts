import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req } from '@nestjs/common';
import { IsDateString, IsIn, IsInt, IsUUID, Max, Min } from 'class-validator';
import { Roles, type Tenant } from '../auth/guards.js';
import { BookingsService } from './bookings.service.js';

class BookingIn {
  @IsUUID() machine!: string;
  @IsDateString({ strict: true }) day!: string;
  @IsInt() @Min(6) @Max(21) hour!: number;
  @IsIn(['cold', 'warm', 'hot']) programme!: 'cold' | 'warm' | 'hot';
}

class DayIn {
  @IsDateString({ strict: true }) day!: string;
}

type Asked = { tenant: Tenant; ip: string; id: string };

@Controller('bookings')
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Get() day(@Req() req: Asked, @Query() { day }: DayIn) { return this.bookings.day(req.tenant.house, day); }
  @Get('mine') mine(@Req() req: Asked) { return this.bookings.mine(req.tenant.sub); }
  @Post() book(@Req() req: Asked, @Body() wish: BookingIn) { return this.bookings.book(req, wish); }
  @Delete(':id') @HttpCode(204) cancel(@Req() req: Asked, @Param('id', ParseUUIDPipe) id: string) { return this.bookings.cancel(req, id); }
  @Get('house') @Roles('caretaker') house(@Req() req: Asked, @Query() { day }: DayIn) { return this.bookings.house(req, day); }
}
