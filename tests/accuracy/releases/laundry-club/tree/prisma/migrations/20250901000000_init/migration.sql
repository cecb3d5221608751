-- What: all tables. Why: start. Effect: empty database.
CREATE TABLE "House" ("id" UUID PRIMARY KEY, "name" TEXT NOT NULL UNIQUE);
CREATE TABLE "Machine" (
  "id" UUID PRIMARY KEY, "name" TEXT NOT NULL,
  "houseId" UUID NOT NULL REFERENCES "House" ON DELETE RESTRICT,
  UNIQUE ("houseId", "name")
);
CREATE TABLE "Tenant" (
  "id" UUID PRIMARY KEY, "sub" TEXT NOT NULL UNIQUE, "name" TEXT NOT NULL, "door" TEXT NOT NULL, "email" TEXT NOT NULL UNIQUE, "leftAt" TIMESTAMP(3)
);
CREATE INDEX "Tenant_leftAt" ON "Tenant" ("leftAt");
CREATE TABLE "Booking" (
  "id" UUID PRIMARY KEY,
  "machineId" UUID NOT NULL REFERENCES "Machine" ON DELETE RESTRICT,
  "tenantId" UUID NOT NULL REFERENCES "Tenant" ON DELETE RESTRICT,
  "day" DATE NOT NULL, "hour" SMALLINT NOT NULL CHECK ("hour" BETWEEN 6 AND 21), "cents" INTEGER NOT NULL CHECK ("cents" BETWEEN 1 AND 1000),
  "paidAt" TIMESTAMP(3), "cancelledAt" TIMESTAMP(3)
);
CREATE UNIQUE INDEX "Booking_once" ON "Booking" ("machineId", "day", "hour") WHERE "cancelledAt" IS NULL;
CREATE INDEX "Booking_machineId_day" ON "Booking" ("machineId", "day");
CREATE INDEX "Booking_tenantId_day" ON "Booking" ("tenantId", "day" DESC);
CREATE TABLE "DeadCharge" ("bookingId" UUID PRIMARY KEY REFERENCES "Booking" ON DELETE CASCADE, "reason" TEXT NOT NULL, "at" TIMESTAMP(3) NOT NULL DEFAULT now());
CREATE TABLE "Consent" (
  "id" BIGSERIAL PRIMARY KEY, "tenantId" UUID NOT NULL REFERENCES "Tenant" ON DELETE CASCADE,
  "purpose" TEXT NOT NULL CHECK ("purpose" IN ('reminders', 'survey')), "given" BOOLEAN NOT NULL, "at" TIMESTAMP(3) NOT NULL DEFAULT now()
);
CREATE INDEX "Consent_tenantId_at" ON "Consent" ("tenantId", "at");
CREATE TABLE "Audit" ("id" BIGSERIAL PRIMARY KEY, "at" TIMESTAMP(3) NOT NULL DEFAULT now(), "who" TEXT NOT NULL, "what" TEXT NOT NULL, "on" TEXT NOT NULL, "ip" TEXT NOT NULL, "requestId" TEXT NOT NULL);
CREATE INDEX "Audit_at" ON "Audit" ("at");
REVOKE UPDATE, DELETE, TRUNCATE ON "Audit" FROM laundry_app;
