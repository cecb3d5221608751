-- What: Machine.note, nullable. Why: "door sticks". Effect: instant, 4.2 ignores it.
ALTER TABLE "Machine" ADD COLUMN "note" TEXT;
